import fc from "fast-check";
import { describe, expect, test } from "vitest";
import packageDescription from "../../package.json" with { type: "json" };
import { extendInitialize, extendInitializeAnswer } from "../../server/relay/handshake.ts";

const literals = { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } };

describe("initialize", () => {
  test("gets serverStatusNotification added and nothing else where the client has literals", () => {
    const sent = {
      processId: 1,
      clientInfo: { name: "Neovim", version: "0.12.4" },
      capabilities: {
        textDocument: { codeAction: literals, inlineCompletion: null },
        experimental: { x: 1 },
      },
      unknownField: [1, null],
    };
    const { params } = extendInitialize(sent);
    expect(params).toEqual({
      ...sent,
      capabilities: { ...sent.capabilities, experimental: { x: 1, serverStatusNotification: true } },
    });
  });

  test("gets literal support added for our own questions where the client lacks it", () => {
    const { params, client } = extendInitialize({ capabilities: { textDocument: { codeAction: { a: 1 } } } });
    expect(client.codeActionLiterals).toBe(false);
    expect(params).toHaveProperty("capabilities.textDocument.codeAction.a", 1);
    expect(params).toHaveProperty(
      "capabilities.textDocument.codeAction.codeActionLiteralSupport.codeActionKind",
    );
  });

  test("is left as it is where it is no object", () => {
    for (const params of [undefined, null, 1, "x", []]) {
      expect(extendInitialize(params).params).toBe(params);
    }
  });

  test("does not change what it was given", () => {
    const sent = { capabilities: { experimental: {} } };
    extendInitialize(sent);
    expect(sent).toEqual({ capabilities: { experimental: {} } });
  });

  test("is read whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (params, capabilities) => {
        expect(extendInitialize(params).client.rootPaths).toEqual(expect.any(Array));
        expect(extendInitialize({ capabilities }).params).toHaveProperty(
          "capabilities.experimental.serverStatusNotification",
          true,
        );
      }),
    );
  });
});

describe("the client's profile", () => {
  test("of a client that announces everything", () => {
    const { client } = extendInitialize({
      processId: 42,
      clientInfo: { name: "Editor", version: "1" },
      rootUri: "file:///not-this",
      workspaceFolders: [
        { uri: "file:///a%20b", name: "a" },
        { uri: "file:///c", name: "c" },
      ],
      initializationOptions: { armature: { enable: false } },
      capabilities: {
        textDocument: {
          completion: {
            completionItem: {
              snippetSupport: true,
              insertTextModeSupport: { valueSet: [1, 2] },
              labelDetailsSupport: true,
            },
          },
          codeAction: { ...literals, resolveSupport: { properties: ["edit"] } },
          inlineCompletion: null,
        },
        window: { workDoneProgress: true },
        workspace: { applyEdit: true, workspaceEdit: { documentChanges: true } },
        experimental: {
          codeActionGroup: true,
          snippetTextEdit: true,
          serverStatusNotification: true,
          armatureStatus: true,
        },
      },
    });
    expect(client).toEqual({
      name: "Editor",
      version: "1",
      snippetSupport: true,
      insertTextModeSupport: [1, 2],
      labelDetails: true,
      codeActionLiterals: true,
      codeActionResolvesEdit: true,
      codeActionGroup: true,
      snippetTextEdit: true,
      workDoneProgress: true,
      applyEdit: true,
      documentChanges: true,
      inlineCompletion: true,
      serverStatus: true,
      armatureStatus: true,
      settings: { armature: { enable: false } },
      rootPaths: ["/a b", "/c"],
      processId: 42,
    });
  });

  test("of a client that announces nothing, or nonsense", () => {
    const nothing = extendInitialize({}).client;
    expect(Object.values(nothing).filter((value) => value === true)).toEqual([]);
    const nonsense = {
      processId: null,
      clientInfo: 5,
      workspaceFolders: [{ name: "x" }],
      capabilities: { textDocument: { completion: { completionItem: { snippetSupport: "yes" } } } },
    };
    expect(extendInitialize(nonsense).client).toEqual(nothing);
  });

  test.each([
    [{ rootUri: "file:///r", rootPath: "/not-this", workspaceFolders: null }, ["/r"]],
    [{ rootUri: null, rootPath: "/p" }, ["/p"]],
    [{ workspaceFolders: [] }, []],
    [{ workspaceFolders: [{ uri: "vscode-remote://host/x" }] }, []],
  ])("finds the roots of %j", (params, expected) => {
    expect(extendInitialize(params).client.rootPaths).toEqual(expected);
  });
});

describe("the answer to initialize", () => {
  const withLiterals = extendInitialize({ capabilities: { textDocument: { codeAction: literals } } }).client;
  const without = extendInitialize({}).client;
  const analyzerAnswer = {
    serverInfo: { name: "rust-analyzer" },
    capabilities: {
      positionEncoding: "utf-8",
      completionProvider: { triggerCharacters: [":"] },
      codeActionProvider: { codeActionKinds: ["quickfix"] },
      experimental: { hoverRange: true },
      hoverProvider: true,
    },
  };

  test("gets our command, resolve providers and our version added", () => {
    expect(extendInitializeAnswer(analyzerAnswer, withLiterals)).toEqual({
      encoding: "utf-8",
      result: {
        serverInfo: { name: "rust-analyzer" },
        capabilities: {
          positionEncoding: "utf-8",
          completionProvider: { triggerCharacters: [":"], resolveProvider: true },
          codeActionProvider: { codeActionKinds: ["quickfix"], resolveProvider: true },
          executeCommandProvider: { commands: ["armature.fill", "armature.why"] },
          experimental: { hoverRange: true, armature: { version: packageDescription.version } },
          hoverProvider: true,
        },
      },
    });
  });

  test("says to a client without literals what rust-analyzer would have said", () => {
    const { result } = extendInitializeAnswer(analyzerAnswer, without);
    expect(result).toHaveProperty("capabilities.codeActionProvider", true);
  });

  test("keeps commands that are there and a code action provider that is a plain true", () => {
    const capabilities = {
      executeCommandProvider: { commands: ["rust-analyzer.x"], workDoneProgress: true },
      codeActionProvider: true,
    };
    const { result } = extendInitializeAnswer({ capabilities }, withLiterals);
    expect(result).toMatchObject({
      capabilities: {
        executeCommandProvider: {
          commands: ["rust-analyzer.x", "armature.fill", "armature.why"],
          workDoneProgress: true,
        },
        codeActionProvider: true,
      },
    });
    expect(result).not.toHaveProperty("capabilities.completionProvider");
  });

  test.each([
    ["utf-8", "utf-8"],
    ["utf-32", "utf-32"],
    [undefined, "utf-16"],
    ["utf-7", "utf-16"],
  ])("tells the encoding: %s means %s", (positionEncoding, expected) => {
    expect(extendInitializeAnswer({ capabilities: { positionEncoding } }, withLiterals).encoding).toBe(
      expected,
    );
  });

  test("without capabilities is left as it is", () => {
    for (const result of [null, {}, { capabilities: null }, "x"]) {
      expect(extendInitializeAnswer(result, withLiterals).result).toBe(result);
    }
  });
});
