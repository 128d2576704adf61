import { describe, expect, test } from "vitest";
import { officialConnection } from "../../../clients/vscode/src/official.ts";
import { armatureBehind, type LanguageServer } from "../../../clients/vscode/src/server.ts";

const server = (experimental: unknown): LanguageServer => ({
  initializeResult: { capabilities: { experimental } },
  sendRequest: () => Promise.resolve(null),
});

describe("the official extension's connection", () => {
  test("is read anew after each restart, with none in between", () => {
    const ours = server({ armature: { version: "0.1.0" }, other: true });
    const plain = server({ ssr: true });
    const api: { client: LanguageServer | undefined } = { client: ours };
    const connection = officialConnection({
      extension: { isActive: true, exports: api, activate: () => Promise.resolve(api) },
      runCommand: () => Promise.resolve(),
    });
    expect(armatureBehind(connection)).toBe(ours);
    api.client = undefined;
    expect(armatureBehind(connection)).toBeUndefined();
    api.client = plain;
    expect(connection.server()).toBe(plain);
    expect(armatureBehind(connection)).toBeUndefined();
  });

  test("is not looked into before the extension is active", () => {
    const connection = officialConnection({
      extension: {
        isActive: false,
        get exports(): unknown {
          throw new Error("not active");
        },
        activate: () => Promise.resolve(undefined),
      },
      runCommand: () => Promise.resolve(),
    });
    expect(connection.server()).toBeUndefined();
  });

  test("restarts by the extension's own command", async () => {
    const run: string[] = [];
    const connection = officialConnection({
      extension: { isActive: true, exports: {}, activate: () => Promise.resolve({}) },
      runCommand: (command) => Promise.resolve(run.push(command)),
    });
    await connection.restart();
    expect(run).toEqual(["rust-analyzer.restartServer"]);
  });
});
