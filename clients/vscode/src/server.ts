import { z } from "zod";

/**
 * The server as both kinds of client have it, the official extension's and ours: what of vscode-languageclient is used,
 * of any version.
 */
export interface LanguageServer {
  readonly initializeResult?: unknown;
  sendRequest(method: string, params?: unknown, token?: unknown): Promise<unknown>;
}

/** Who holds the connection. Read anew each time: a restart makes another client, with none in between. */
export interface Connection {
  readonly kind: "official" | "own";
  server(): LanguageServer | undefined;
  restart(): Promise<void>;
}

const answer = z.looseObject({
  capabilities: z.looseObject({
    experimental: z.looseObject({ armature: z.looseObject({ version: z.string() }) }),
  }),
});

/** Armature's version where it stands behind this connection, undefined where plain rust-analyzer does. */
export function armatureVersion(server: LanguageServer | undefined): string | undefined {
  const parsed = answer.safeParse(server?.initializeResult);
  return parsed.success ? parsed.data.capabilities.experimental.armature.version : undefined;
}

/** The server where it is Armature, so that a method of ours has somebody to answer it. */
export function armatureBehind(connection: Connection): LanguageServer | undefined {
  const server = connection.server();
  return armatureVersion(server) === undefined ? undefined : server;
}
