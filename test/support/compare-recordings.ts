import type { Wire } from "./editor.ts";
import type { Recording } from "./recorded-session.ts";

/** Messages of which only the set is compared, each with the reason why their number or order varies between two runs. */
export const variable: Readonly<Record<string, string>> = {
  "$/progress": "percentages and messages are sent as the loading threads get on",
  "window/workDoneProgress/create":
    "one per stage of the loading, in the order in which the threads get to it",
  "experimental/serverStatus": "states between the first and the last depend on how fast the workspace loads",
  "textDocument/publishDiagnostics":
    "sent again after each batch of edits that a thread happened to see at once",
  "workspace/semanticTokens/refresh": "one after each batch of loaded files",
  "workspace/inlayHint/refresh": "one after each batch of loaded files",
  "workspace/codeLens/refresh": "one after each batch of loaded files",
  "workspace/diagnostic/refresh": "one after each batch of loaded files",
};

/** Answers that vary between two runs of rust-analyzer itself, each with the reason, and how they are compared. */
export const variableAnswers: readonly {
  readonly steps: RegExp;
  readonly reason: string;
  readonly textOf: (message: Wire) => string;
}[] = [
  {
    steps: /^analyzerStatus$/,
    reason: "files and crates are numbered as the threads load them",
    textOf: (message) => JSON.stringify(message).replace(/\d+/g, "0").split("\\n").sort().join("\n"),
  },
  {
    steps: /^cancelled$/,
    reason: "the answer may be ready before the cancel is read",
    textOf: ({ result, error }) => {
      const { code } = (error ?? {}) as { code?: unknown };
      return code === -32800 || Array.isArray(result) ? "answered or cancelled" : JSON.stringify(error);
    },
  },
  {
    steps: /^completion [^,]*$/,
    reason: "items of equal relevance come in the order of a hash map",
    textOf: (message) => {
      const { result, ...rest } = message;
      const { items, ...list } = result as { items: unknown[] };
      return JSON.stringify([rest, list, items.map((item) => JSON.stringify(item)).sort()]);
    },
  },
];

/** Where the messages of two recordings differ, in words; empty where they tell the same. */
export function differences(direct: Recording, through: Recording): string[] {
  const found = compareLists(direct.answers.map(textOfAnswer), through.answers.map(textOfAnswer), "answer");
  const methods = new Set([...direct.others, ...through.others].map(({ method }) => String(method)));
  for (const method of methods) {
    const [one, other] = [direct, through].map(({ others }) => textsOf(others, method));
    found.push(...compareLists(one ?? [], other ?? [], method));
  }
  if (direct.exit.code !== through.exit.code)
    found.push(`exit code: ${direct.exit.code} became ${through.exit.code}`);
  return found;
}

function textOfAnswer({ step, message }: Recording["answers"][number]): string {
  const variableAnswer = variableAnswers.find(({ steps }) => steps.test(step));
  return `${step}: ${variableAnswer?.textOf(message) ?? JSON.stringify(message)}`;
}

function textsOf(others: readonly Wire[], method: string): string[] {
  const messages = others.filter((message) => message.method === method);
  if (variable[method] === undefined) return messages.map((message) => JSON.stringify(message));
  return [...new Set(messages.map((message) => kindOf(message)))].sort();
}

/** What stays the same of a variable message. */
function kindOf({ method, params }: Wire): string {
  const { token, value, uri, health } = (params ?? {}) as Record<string, unknown>;
  const { kind } = (value ?? {}) as { kind?: unknown };
  // A report may be left out altogether where a stage is quick.
  if (kind === "report") return String(method);
  return JSON.stringify([method, token, kind, uri, health]);
}

function compareLists(one: readonly string[], other: readonly string[], what: string): string[] {
  const found: string[] = [];
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [left, right] = [one[index], other[index]];
    if (left !== right) found.push(`${what} ${index}: ${around(left, right)} became ${around(right, left)}`);
  }
  return found;
}

/** The text where it begins to differ from another. */
function around(text: string | undefined, other: string | undefined): string {
  if (text === undefined) return "nothing";
  let at = 0;
  while (at < text.length && text[at] === other?.[at]) at += 1;
  return `${text.slice(0, 60)}…${text.slice(Math.max(0, at - 20), at + 120)}`;
}
