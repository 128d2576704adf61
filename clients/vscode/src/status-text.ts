import type { StatusParams } from "../../../protocol/methods.ts";

/** What is known of who answers behind the connection. */
export type ServerState =
  | { readonly kind: "armature"; readonly version: string; readonly status: StatusParams | undefined }
  | { readonly kind: "plain"; readonly serverPath: string }
  | { readonly kind: "none" };

export interface StatusText {
  readonly text: string;
  /** Markdown. */
  readonly tooltip: string;
  readonly isWarning: boolean;
}

export function statusText(state: ServerState): StatusText {
  switch (state.kind) {
    case "none":
      return { text: "$(loading~spin) Armature", tooltip: "rust-analyzer is not running.", isWarning: false };
    case "plain":
      return { text: "$(warning) Armature", tooltip: plainTooltip(state.serverPath), isWarning: true };
    case "armature":
      return armatureText(state.version, state.status);
  }
}

/** Somebody who set the path wins over the extension, and should hear that they do. */
function plainTooltip(serverPath: string): string {
  return `rust-analyzer runs without Armature in between: it was started as \`${serverPath}\` (\`rust-analyzer.server.path\`). Restart it, or take that setting out.`;
}

function armatureText(version: string, status: StatusParams | undefined): StatusText {
  const model = status?.model;
  const budget = status?.requestsLeft;
  const lines = [
    `Armature ${version}: ${stateInWords(status?.state)}`,
    model === undefined
      ? "No model: bodies by analogy, nothing leaves this machine."
      : `Model: ${model}${budget === undefined ? "" : `, ${budget} requests left today`}.`,
    ...(status?.message === undefined ? [] : [status.message]),
  ];
  const name = `Armature${model === undefined ? "" : ` (${model}${budget === undefined ? "" : `, ${budget} left`})`}`;
  return {
    text: `$(${icon(status?.state)}) ${name}`,
    tooltip: lines.join("\n\n"),
    isWarning: budget === 0,
  };
}

function stateInWords(state: StatusParams["state"] | undefined): string {
  switch (state) {
    case "starting":
      return "waits for rust-analyzer to load the workspace.";
    case "working":
      return "checks drafts.";
    case "off":
      return "turned off in the settings.";
    case "ready":
      return "ready.";
    case undefined:
      return "does not answer.";
  }
}

function icon(state: StatusParams["state"] | undefined): string {
  switch (state) {
    case "starting":
      return "loading~spin";
    case "working":
      return "sync~spin";
    case "off":
      return "circle-slash";
    case "ready":
      return "verified";
    case undefined:
      return "question";
  }
}
