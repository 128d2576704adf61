import { z } from "zod";
import packageDescription from "../../package.json" with { type: "json" };
import { fillCommand, whyCommand } from "../../protocol/methods.ts";
import type { PositionEncoding } from "../base/positions.ts";
import { at, type ClientProfile, isObject, readClientProfile } from "./client-profile.ts";

export type { ClientProfile };

type Json = Readonly<Record<string, unknown>>;

/** Every kind: what we ask for ourselves is chosen by its id or title. */
const literalSupport = { codeActionKind: { valueSet: ["", "quickfix", "refactor", "refactor.rewrite"] } };

/**
 * The params of `initialize` for rust-analyzer: the client's own, verbatim (rust-analyzer goes by them), with
 * what our own questions need added. Params that are no object are left as they are.
 */
export function extendInitialize(params: unknown): { params: unknown; client: ClientProfile } {
  const client = readClientProfile(params);
  if (!isObject(params)) return { params, client };
  let capabilities = withAt(params.capabilities, ["experimental", "serverStatusNotification"], true);
  if (!client.codeActionLiterals) {
    // rust-analyzer has no code actions for clients without it, so none for us either.
    capabilities = withAt(
      capabilities,
      ["textDocument", "codeAction", "codeActionLiteralSupport"],
      literalSupport,
    );
  }
  return { params: { ...params, capabilities }, client };
}

/**
 * rust-analyzer's answer to `initialize` as the editor gets it, and the unit of positions that was negotiated.
 * A result without capabilities is left as it is.
 */
export function extendInitializeAnswer(
  result: unknown,
  client: ClientProfile,
): { result: unknown; encoding: PositionEncoding } {
  const encoding = encodingSchema.parse(at(result, "capabilities", "positionEncoding"));
  if (!isObject(result) || !isObject(result.capabilities)) return { result, encoding };
  const capabilities = extendCapabilities(result.capabilities, client);
  return { result: { ...result, capabilities }, encoding };
}

function extendCapabilities(capabilities: Json, client: ClientProfile): Json {
  const { completionProvider, codeActionProvider } = capabilities;
  return {
    ...capabilities,
    ...(isObject(completionProvider) && { completionProvider: withResolve(completionProvider) }),
    ...(isObject(codeActionProvider) && {
      // What rust-analyzer says to clients without literals, had we not announced them.
      codeActionProvider: client.codeActionLiterals ? withResolve(codeActionProvider) : true,
    }),
    ...(client.inlineCompletion && { inlineCompletionProvider: {} }),
    executeCommandProvider: withCommands(capabilities.executeCommandProvider),
    experimental: withAt(capabilities.experimental, ["armature"], { version: packageDescription.version }),
  };
}

function withResolve(provider: Json): Json {
  return { ...provider, resolveProvider: true };
}

function withCommands(provider: unknown): Json {
  const existing = commandsSchema.parse(at(provider, "commands"));
  return { ...(isObject(provider) && provider), commands: [...existing, fillCommand, whyCommand] };
}

/** A copy with the value at the path; what is no object on the way becomes one. */
function withAt(value: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  const object = isObject(value) ? value : {};
  return { ...object, [key]: withAt(object[key], rest, leaf) };
}

const encodingSchema = z.enum(["utf-8", "utf-16", "utf-32"]).catch("utf-16");
const commandsSchema = z.array(z.string()).catch([]);
