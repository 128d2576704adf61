import { randomUUID } from "node:crypto";
import { Abort } from "../base/abort.ts";
import type { Report } from "../stages.ts";

export interface ProgressOptions {
  readonly isSupported: () => boolean;
  readonly askEditor: (method: string, params: unknown, options: { signal: AbortSignal }) => Promise<unknown>;
  readonly notifyEditor: (method: string, params: unknown) => void;
}

/** Work under a `$/progress` token that always ends; silent where the editor does not announce it. */
export function progressReporter(options: ProgressOptions) {
  return async function withProgress<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
    if (!options.isSupported()) return work(() => {});
    const token = `armature/${randomUUID()}`;
    // Not awaited: an editor that never answers must not hold the work up.
    const created = options.askEditor(
      "window/workDoneProgress/create",
      { token },
      { signal: new Abort().signal },
    );
    const send = (value: unknown) =>
      void created.then(() => options.notifyEditor("$/progress", { token, value })).catch(() => undefined);
    send({ kind: "begin", title, cancellable: false });
    try {
      return await work((message) => send({ kind: "report", message }));
    } finally {
      send({ kind: "end" });
    }
  };
}
