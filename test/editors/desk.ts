/** What an editor finds around it: a home of its own, `armature` on PATH, and the log that the server writes. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { editorsTree } from "./install.mjs";
import { builtArmature, findTools } from "../support/tools.ts";

export interface Desk {
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Everything that the server has logged so far. */
  log(): string;
  /** Lays a file below the home. */
  lay(file: string, text: string): void;
  remove(): void;
}

export function createDesk(): Desk {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "armature-desk-")));
  const logFile = join(home, "armature.log");
  const lay = (file: string, text: string) => {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), text, { mode: 0o755 });
  };
  lay("bin/armature", `#!/bin/sh\nexec "${process.execPath}" "${builtArmature}" "$@"\n`);
  const { environment, analyzer } = findTools();
  const real = { CARGO_HOME: join(homedir(), ".cargo"), RUSTUP_HOME: join(homedir(), ".rustup") };
  return {
    home,
    lay,
    log: () => (existsSync(logFile) ? readFileSync(logFile, "utf8") : ""),
    remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
    environment: {
      ...real,
      ...environment,
      // The machine's own environment must not name a model, nor settings of an editor.
      ...{ ARMATURE_MODEL: "", ARMATURE_MODEL_BASE_URL: "", OPENAI_API_KEY: "", OPENAI_BASE_URL: "" },
      ...{ XDG_CONFIG_HOME: join(home, ".config"), XDG_CACHE_HOME: join(home, ".cache") },
      ...{ XDG_DATA_HOME: join(home, ".local/share"), XDG_STATE_HOME: join(home, ".local/state") },
      HOME: home,
      PATH: `${join(home, "bin")}:${environment.PATH ?? ""}`,
      LANG: "C.UTF-8",
      ARMATURE_RUST_ANALYZER: analyzer,
      ARMATURE_CACHE_DIR: join(home, "armature-cache"),
      ARMATURE_LOG_FILE: logFile,
    },
  };
}

/** A file under clients/, as a user pastes it. */
export function clientFile(name: string): string {
  return readFileSync(resolve(import.meta.dirname, "../../clients", name), "utf8");
}

/** A program of the editors' tree runs with the tree's own libraries, and without root's rights to change root. */
export function inTree(program: string): readonly string[] {
  const loader = join(editorsTree, "usr/lib64/ld-linux-x86-64.so.2");
  return [
    loader,
    "--library-path",
    join(editorsTree, "usr/lib/x86_64-linux-gnu"),
    join(editorsTree, program),
  ];
}

/** Asks until the answer is one, and says what was waited for where it never comes. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { bound = 90_000, also = () => "" }: { readonly bound?: number; readonly also?: () => string } = {},
): Promise<T> {
  const end = performance.now() + bound;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`never came: ${what}\n${also()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
