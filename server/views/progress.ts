import { randomUUID } from "node:crypto";
import { z } from "zod";
import { Abort } from "../base/abort.ts";
import type { Report } from "../stages.ts";

export interface ProgressOptions {
  readonly isSupported: () => boolean;
  readonly askEditor: (method: string, params: unknown, options: { signal: AbortSignal }) => Promise<unknown>;
  readonly notifyEditor: (method: string, params: unknown) => void;
}

export interface ShownWork<T> {
  /** What is worked on: it is shown once, however many wait for it. */
  readonly key: string;
  readonly title: string;
  readonly work: (report: Report) => Promise<T>;
  /** The person pressed cancel in the editor's progress display. */
  readonly cancel: () => void;
}

const cancelParams = z.looseObject({ token: z.union([z.string(), z.number()]) });

/** Work under `$/progress` tokens that always end; silent where the editor does not announce it. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #cancels = new Map<unknown, () => void>();
  readonly #shown = new Set<string>();

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  async show<T>({ key, title, work, cancel }: ShownWork<T>): Promise<T> {
    const { isSupported, askEditor, notifyEditor } = this.#options;
    if (!isSupported() || this.#shown.has(key)) return work(() => {});
    this.#shown.add(key);
    const token = `armature/${randomUUID()}`;
    // Not awaited: an editor that never answers must not hold the work up.
    const created = askEditor("window/workDoneProgress/create", { token }, { signal: new Abort().signal });
    const send = (value: unknown) =>
      void created.then(() => notifyEditor("$/progress", { token, value })).catch(() => undefined);
    this.#cancels.set(token, cancel);
    send({ kind: "begin", title, cancellable: true });
    try {
      return await work((message) => send({ kind: "report", message }));
    } finally {
      this.#cancels.delete(token);
      this.#shown.delete(key);
      send({ kind: "end" });
    }
  }

  /** `window/workDoneProgress/cancel` from the editor; tokens of rust-analyzer are none of ours. */
  cancelled(params: unknown): void {
    const parsed = cancelParams.safeParse(params);
    if (parsed.success) this.#cancels.get(parsed.data.token)?.();
  }
}
