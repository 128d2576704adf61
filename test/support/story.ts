import type { Recording } from "./recorded-session.ts";
import type { ScriptedEditor, Wire } from "./editor.ts";

/** Steps of a scripted session: each question has a name, so that two recordings can be laid side by side. */
export class Story {
  readonly editor: ScriptedEditor;
  readonly #steps = new Map<number, string>();

  constructor(editor: ScriptedEditor) {
    this.editor = editor;
  }

  /** The editor's first request, which it sends by itself. */
  expectInitialize(): void {
    this.#steps.set(1, "initialize");
  }

  /** Asks and waits for the answer: its result, or undefined where it is an error (which is recorded as well). */
  async ask(step: string, method: string, params: unknown): Promise<unknown> {
    const { id, result } = this.editor.send(method, params);
    this.#steps.set(id, step);
    return result.catch(() => undefined);
  }

  /** Asks and cancels at once. Waits for the one answer. */
  async askAndCancel(step: string, method: string, params: unknown): Promise<void> {
    const { id, result } = this.editor.send(method, params);
    this.#steps.set(id, step);
    await this.editor.cancel(id);
    await result.catch(() => undefined);
  }

  /** Asks again and again, unrecorded, until the answer is there: for editors that are not told of readiness. */
  async askUntil(method: string, params: unknown, isReady: (result: unknown) => boolean): Promise<void> {
    for (;;) {
      const result = await this.editor.request(method, params).catch(() => undefined);
      if (isReady(result)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  recorded(): Omit<Recording, "exit"> {
    const received = this.editor.traffic
      .filter(({ direction }) => direction === "received")
      .map(({ message }) => message);
    const answers = received.flatMap((message) => {
      const step = message.method === undefined ? this.#steps.get(Number(message.id)) : undefined;
      return step === undefined ? [] : [{ step, message: withoutId(message) }];
    });
    return { answers, others: received.filter(({ method }) => method !== undefined).map(withoutId) };
  }
}

function withoutId(message: Wire): Wire {
  return Object.fromEntries(Object.entries(message).filter(([key]) => key !== "id"));
}
