import type { Wire } from "./editor.ts";
import type { Recording } from "./recorded-session.ts";

/**
 * What Armature adds to rust-analyzer's messages (design §3 and §8), one by one: `remove` takes it out of an answer
 * and says so by returning another message. `counterpart` is rust-analyzer's own answer in the same step.
 */
interface Addition {
  readonly name: string;
  readonly remove: (message: Wire, step: string, counterpart: Wire | undefined) => Wire;
}

export const additions: readonly Addition[] = [
  {
    name: "executeCommandProvider.commands: ours",
    remove: onInitialize((capabilities) => {
      const { executeCommandProvider, ...rest } = capabilities;
      const commands = (executeCommandProvider as { commands: string[] }).commands;
      const own = ["armature.fill", "armature.why"];
      if (!own.every((command) => commands.includes(command))) return capabilities;
      const others = commands.filter((command) => !own.includes(command));
      return others.length === 0 ? rest : { ...rest, executeCommandProvider: { commands: others } };
    }),
  },
  {
    name: "completionProvider.resolveProvider",
    remove: onInitialize((capabilities, own) => asInOwn(capabilities, own, "completionProvider")),
  },
  {
    name: "capabilities.experimental.armature",
    remove: onInitialize((capabilities) => {
      const { armature, ...experimental } = capabilities.experimental as Wire;
      return armature === undefined ? capabilities : { ...capabilities, experimental };
    }),
  },
  {
    name: "completion items of our own",
    remove: (message) => {
      const { items } = (message.result ?? {}) as { items?: Wire[] };
      if (!Array.isArray(items) || !items.some(isOwn)) return message;
      return {
        ...message,
        result: { ...(message.result as Wire), items: items.filter((item) => !isOwn(item)) },
      };
    },
  },
  {
    name: "code actions of our own",
    remove: (message) => {
      const { result } = message;
      if (!Array.isArray(result) || !result.some(isOwn)) return message;
      return { ...message, result: result.filter((action) => !isOwn(action as Wire)) };
    },
  },
  {
    name: "a line in analyzerStatus",
    remove: (message, step) => {
      if (step !== "analyzerStatus" || typeof message.result !== "string") return message;
      const line = /^Armature \S+ stands between this editor and rust-analyzer\.\n\n/;
      return line.test(message.result) ? { ...message, result: message.result.replace(line, "") } : message;
    },
  },
  {
    name: "the capability that analyzerStatus repeats, experimental.serverStatusNotification",
    remove: (message, step, counterpart) => {
      const added = /\n *\\?"serverStatusNotification\\?": Bool\(true\),/;
      const { result } = message;
      if (step !== "analyzerStatus" || typeof result !== "string" || !added.test(result)) return message;
      if (added.test(String(counterpart?.result))) return message;
      return { ...message, result: result.replace(added, "") };
    },
  },
];

/** Progress of our own jobs: the one thing that Armature sends by itself here. */
const ownProgress = "$/progress under a token of our own";

/** The recording without what Armature added, and the names of the additions that were there. */
export function withoutAdditions(
  through: Recording,
  direct: Recording,
): { readonly rest: Recording; readonly seen: ReadonlySet<string> } {
  const seen = new Set<string>();
  const answers = through.answers.map(({ step, message }) => {
    const counterpart = direct.answers.find((answer) => answer.step === step)?.message;
    let current = message;
    for (const { name, remove } of additions) {
      const next = remove(current, step, counterpart);
      if (next !== current) seen.add(name);
      current = next;
    }
    return { step, message: current };
  });
  const others = through.others.filter(({ params }) => {
    const { token } = (params ?? {}) as { token?: unknown };
    const isOurs = typeof token === "string" && token.startsWith("armature/");
    if (isOurs) seen.add(ownProgress);
    return !isOurs;
  });
  return { rest: { ...through, answers, others }, seen };
}

function onInitialize(change: (capabilities: Wire, own: Wire) => Wire): Addition["remove"] {
  return (message, step, counterpart) => {
    if (step !== "initialize") return message;
    const result = message.result as { capabilities: Wire };
    const own = (counterpart?.result as { capabilities: Wire } | undefined)?.capabilities ?? {};
    const capabilities = change(result.capabilities, own);
    return capabilities === result.capabilities
      ? message
      : { ...message, result: { ...result, capabilities } };
  };
}

/** Without a resolve provider where rust-analyzer has none; its keys in rust-analyzer's order. */
function asInOwn(capabilities: Wire, own: Wire, provider: string): Wire {
  const ours = capabilities[provider] as Wire;
  const theirs = own[provider] as Wire;
  if (ours.resolveProvider !== true || theirs.resolveProvider === true) return capabilities;
  const entries = Object.entries(ours).flatMap(([key, value]) => {
    if (key !== "resolveProvider") return [[key, value]];
    return key in theirs ? [[key, theirs[key]]] : [];
  });
  return { ...capabilities, [provider]: Object.fromEntries(entries) as Wire };
}

function isOwn(item: Wire): boolean {
  const { armature } = (item.data ?? {}) as { armature?: unknown };
  return typeof armature === "object" && armature !== null;
}
