import type { Routes } from "../relay/route.ts";
import { analyzerStatusTransform } from "./analyzer-status.ts";
import { codeActionTransform, resolveCodeAction } from "./code-actions.ts";
import { completionTransform, resolveCompletion } from "./completion.ts";
import { executeCommand } from "./execute-command.ts";
import { fill, why } from "./fill.ts";
import { InlineCompletions } from "./inline-completion.ts";
import type { ViewContext } from "./view-context.ts";

/** Which view handles which message: one line each. */
export function bindViews(view: ViewContext): Pick<Routes, "notifications" | "requests" | "answers"> {
  const inline = new InlineCompletions(view);
  return {
    notifications: {
      "window/workDoneProgress/cancel": (params) => view.progress.cancelled(params),
    },
    requests: {
      "armature/fill": (params, { signal }) => fill(view, params, signal),
      "armature/why": (params) => why(view, params),
      "armature/status": () => Promise.resolve(view.status()),
      "textDocument/inlineCompletion": (params, { signal }) => inline.complete(params, signal),
      "completionItem/resolve": resolveCompletion,
      "codeAction/resolve": (item, { signal }) => resolveCodeAction(view, item, signal),
      "workspace/executeCommand": (params) => executeCommand(view, params),
    },
    answers: {
      "textDocument/completion": (params, { signal }) => completionTransform(view, params, signal),
      "textDocument/codeAction": (params) => codeActionTransform(view, params),
      "rust-analyzer/analyzerStatus": () => analyzerStatusTransform,
    },
  };
}
