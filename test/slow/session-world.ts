/** A scripted editor before the built `armature` with the real rust-analyzer and cargo behind it. */
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type FillOffer,
  fillMethod,
  type FillResult,
  whyMethod,
  type WhyResult,
} from "../../protocol/methods.ts";
import type { Completion } from "../support/held/applied.ts";
import { ScriptedEditor, type Wire } from "../support/editor.ts";
import { findTools } from "../support/tools.ts";
import type { InitializeOptions } from "../support/usual-editor.ts";
import type { Workspace } from "../support/workspace.ts";

export { acceptedItem as accepted, applied } from "../support/held/applied.ts";

export interface SessionOptions extends Omit<Partial<InitializeOptions>, "root"> {
  readonly workspace: Pick<Workspace, "root" | "uri">;
  /** The section `armature` of the settings. */
  readonly armature?: Wire;
  /** rust-analyzer's own settings, beside the ones below. */
  readonly analyzer?: Wire;
  readonly environment?: NodeJS.ProcessEnv;
  /** Answers to requests of the server. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>;
  /** Another rust-analyzer than the tools'. */
  readonly analyzerFile?: string;
  /** The real rust-analyzer alone: the control. */
  readonly direct?: boolean;
  /** Waits until the workspace is loaded. On unless false. */
  readonly untilReady?: boolean;
}

export interface Session {
  readonly editor: ScriptedEditor;
  /** ARMATURE_CACHE_DIR of this session. */
  readonly cache: string;
  readonly initialized: Wire;
  fill(uri: string, offset: number): Promise<FillResult>;
  why(uri: string, offset: number): Promise<WhyResult>;
  /** Other settings from now on, as an editor tells them: a notification, then a question that it answers. */
  configure(armature: Wire): Promise<void>;
  /** Command lines of processes that work below this session's folders. */
  processes(): readonly string[];
  close(): Promise<void>;
}

/** Nothing that writes to the user's tree or keeps the processor busy. */
const quietAnalyzer = {
  checkOnSave: false,
  cachePriming: { enable: false },
  cargo: { buildScripts: { enable: false } },
  procMacro: { enable: false },
};

export async function startSession(options: SessionOptions): Promise<Session> {
  const { workspace, armature, analyzer, environment, answers, direct = false, untilReady = true } = options;
  const cache = realpathSync(mkdtempSync(join(tmpdir(), "armature-cache-")));
  const tools = findTools();
  let section: Wire = { ...quietAnalyzer, ...analyzer, ...(armature === undefined ? {} : { armature }) };
  const started = {
    cwd: workspace.root,
    environment: { ...tools.environment, ...noModel, ARMATURE_CACHE_DIR: cache, ...environment },
    answers: {
      "workspace/configuration": (params: unknown) =>
        (params as { items: unknown[] }).items.map(() => section),
      ...answers,
    },
  };
  const editor = direct
    ? ScriptedEditor.spawn({ ...started, file: options.analyzerFile ?? tools.analyzer })
    : ScriptedEditor.spawnArmature(started);
  const initialized = await editor.initialize({
    initializationOptions: section,
    ...options,
    root: workspace.uri,
  });
  if (untilReady) await editor.untilQuiescent();
  return {
    editor,
    cache,
    initialized,
    fill: (uri, offset) => editor.request(fillMethod, editor.at(uri, offset)) as Promise<FillResult>,
    why: (uri, offset) => editor.request(whyMethod, editor.at(uri, offset)) as Promise<WhyResult>,
    async configure(changed) {
      section = { ...section, armature: changed };
      const before = editor.traffic.length;
      await editor.notify("workspace/didChangeConfiguration", { settings: null });
      await editor.waitFor("workspace/configuration", () => true, before);
      await editor.untilQuiescent();
    },
    processes: () => commandLines().filter((line) => line.includes(cache) || line.includes(workspace.root)),
    async close() {
      await editor.dispose();
      rmSync(cache, { recursive: true, force: true });
    },
  };
}

/** The machine's own environment must not name a model. */
const noModel = {
  ARMATURE_MODEL: undefined,
  ARMATURE_MODEL_BASE_URL: undefined,
  OPENAI_API_KEY: undefined,
  OPENAI_BASE_URL: undefined,
};

/** The best offer. Throws with the reason where there is none. */
export function bestOf(result: FillResult): FillOffer {
  if (result.kind === "none")
    throw new Error(`no offer: ${result.stage}/${result.reason}: ${result.message}`);
  return result.offers[0]!;
}

/** "bodies/no-evidence", or "offers". */
export function shortly(result: FillResult): string {
  return result.kind === "none" ? `${result.stage}/${result.reason}` : "offers";
}

export function commandLines(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    });
}

/** Resolves when the condition holds; the test's own bound ends a hopeless wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

export interface CompletionItem extends Completion {
  readonly filterText?: string;
  readonly insertTextFormat?: number;
  readonly data?: { readonly armature?: unknown };
}

/** Our items in the answer to a completion request. */
export function ownItems(list: unknown): readonly CompletionItem[] {
  const { items = [] } = (list ?? {}) as { items?: readonly CompletionItem[] };
  return items.filter((item) => item.data?.armature !== undefined);
}

export interface CodeAction {
  readonly title: string;
  readonly edit?: unknown;
  readonly command?: { readonly command: string; readonly arguments: readonly unknown[] };
  readonly data?: { readonly armature?: unknown };
}

/** Our actions in a listing at the offset. */
export async function ownActions(
  { editor }: Session,
  uri: string,
  offset: number,
): Promise<readonly CodeAction[]> {
  const start = editor.positionAt(uri, offset);
  const listed = (await editor.request("textDocument/codeAction", {
    textDocument: { uri },
    range: { start, end: start },
    context: { diagnostics: [] },
  })) as readonly CodeAction[] | null;
  return (listed ?? []).filter((action) => action.data?.armature !== undefined);
}
