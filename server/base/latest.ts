import { Abort } from "./abort.ts";

export interface LatestTask<T> {
  readonly generation: number;
  readonly result: Promise<T>;
}

/**
 * Latest-wins single flight: starting a task aborts the one before ("superseded") and waits until it has let
 * go of what it held, so that two never overlap.
 */
export class Latest {
  #generation = 0;
  #current: { readonly abort: Abort; readonly settled: Promise<unknown> } | undefined;

  start<T>(work: (signal: AbortSignal, generation: number) => Promise<T>): LatestTask<T> {
    this.#generation += 1;
    const generation = this.#generation;
    const previous = this.#current;
    previous?.abort.abort("superseded");
    const abort = new Abort();
    const result = (previous?.settled ?? Promise.resolve()).then(() => work(abort.signal, generation));
    this.#current = { abort, settled: result.catch(() => undefined) };
    return { generation, result };
  }

  isLatest(generation: number): boolean {
    return generation === this.#generation;
  }

  /** Aborts what runs and resolves when it has ended. */
  async stop(): Promise<void> {
    this.#current?.abort.abort("shutdown");
    await this.#current?.settled;
  }
}
