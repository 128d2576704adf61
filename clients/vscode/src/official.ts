import type { Connection, LanguageServer } from "./server.ts";

export const officialExtension = "rust-lang.rust-analyzer";

/** What the official extension's `activate` returns, as far as it is used; `client` is a getter. */
interface OfficialApi {
  readonly client?: LanguageServer | undefined;
}

/** The parts of VS Code that it takes to work over the official extension's connection. */
export interface OfficialOptions {
  readonly extension: {
    readonly isActive: boolean;
    readonly exports: unknown;
    activate(): PromiseLike<unknown>;
  };
  readonly runCommand: (command: string) => PromiseLike<unknown>;
}

/** The official extension's own connection: no second server is started beside it. */
export function officialConnection({ extension, runCommand }: OfficialOptions): Connection {
  return {
    kind: "official",
    // `exports` throws before the extension is active.
    server: () => (extension.isActive ? (extension.exports as OfficialApi | undefined)?.client : undefined),
    restart: async () => {
      await runCommand("rust-analyzer.restartServer");
    },
  };
}
