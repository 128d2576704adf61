/** Helix in a terminal of tmux, driven by real keys and read off its screen. */
import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { clientFile, createDesk, inTree, until } from "./desk.ts";
import type { RealEditor, Way } from "./editor.ts";
import { editorsTree } from "./install.mjs";

const ours = /[✓~] fill /;

export function startHelix(root: string): Promise<RealEditor> {
  const desk = createDesk();
  desk.lay(".config/helix/languages.toml", clientFile("helix/languages.toml"));
  const environment = { ...desk.environment, HELIX_RUNTIME: join(editorsTree, "usr/lib/hx/runtime") };
  const program = inTree("usr/lib/hx/hx");
  const [loader = "", ...words] = [...program, "--version"];
  const version = /\d\S*/.exec(spawnSync(loader, words, { env: environment, encoding: "utf8" }).stdout)?.[0];
  const socket = join(desk.home, "tmux.socket");
  const options = { env: environment, cwd: root, encoding: "utf8" as const };
  const tmux = (...said: string[]) =>
    execFileSync("tmux", ["-S", socket, "-f", "/dev/null", ...said], options);
  // Without this one the server goes with its last window.
  tmux("new-session", "-d", "-s", "keeper", "-x", "120", "-y", "50", "cat");
  tmux("set-option", "-g", "escape-time", "0");
  const command = program.map((word) => `'${word}'`).join(" ");
  tmux("new-session", "-d", "-s", "helix", "-x", "120", "-y", "50", command);
  const screen = () => tmux("capture-pane", "-p", "-t", "helix");
  const keys = (...names: string[]) => void tmux("send-keys", "-t", "helix", ...names);
  const type = (text: string) => void tmux("send-keys", "-t", "helix", "-l", text);
  const wait = <T>(what: string, when: (now: string) => T | undefined | false) =>
    until(`Helix: ${what}`, () => when(screen()), {
      also: () => `${screen().trimEnd()}\n${desk.log().slice(-2_000)}`,
    });
  const isIn = (mode: string) => (now: string) => new RegExp(`^ ${mode} `, "m").test(now);
  const toNormal = async () => {
    keys("Escape");
    await wait("normal mode", isIn("NOR"));
  };
  const toInsert = async () => {
    if (isIn("INS")(screen())) return;
    keys("i");
    await wait("insert mode", isIn("INS"));
  };
  const commandLine = async (text: string) => {
    await toNormal();
    type(`:${text}`);
    await wait("the command line", (now) => now.includes(`:${text}`));
    keys("Enter");
    await wait("the command done", (now) => !now.includes(`:${text}`));
  };
  const goTo = async ({ line, column }: typeof cursor) => {
    await commandLine(`goto ${line + 1}`);
    keys("g", "h");
    if (column > 0) type(`${column}l`);
    await wait("the cursor's line", (now) => new RegExp(` ${line + 1}:\\d+ *$`, "m").test(now));
  };
  let cursor = { line: 0, column: 0 };
  let file = "";

  const saidSince = (mark: number) =>
    [
      ...desk
        .log()
        .slice(mark)
        .matchAll(/no offer: (\S+): (.*)|asked again, it is ready/g),
    ]
      .map(([all, reason, message = ""]) => (reason === undefined ? all : `${reason}: ${message}`))
      .at(-1);
  const isFinal = (said: string | undefined) => said !== undefined && !/not-ready|asked again/.test(said);

  const byCompletion = async () => {
    const end = performance.now() + 90_000;
    for (;;) {
      await toInsert();
      const mark = desk.log().length;
      keys("C-x");
      // What is asked before the server has started is answered by nobody, and is asked again.
      const seen = await until(
        "Helix: a list with ours, or a word from the server",
        () => ours.exec(screen())?.[0] ?? saidSince(mark),
        { bound: 5_000 },
      ).catch(() => "nothing");
      if (seen === "nothing" && performance.now() > end)
        throw new Error(`Helix: nothing was offered\n${screen()}\n${desk.log().slice(-2_000)}`);
      if (ours.test(seen)) {
        // The first row is taken: no other stands above ours.
        keys("Tab");
        await wait("the row taken", (now) => /\[\+\]/.test(now));
        keys("Enter");
        await wait("the list gone", (now) => !ours.test(now));
        return "taken";
      }
      if (seen !== "nothing" && isFinal(seen)) return seen;
      await toNormal();
    }
  };

  const pick = async (title: RegExp) => {
    await toNormal();
    await goTo(cursor);
    keys("Space", "a");
    const now = await wait("the menu", (text) => title.test(text) && text);
    const rows = now.split("\n");
    const row = rows.findIndex((text) => title.test(text));
    return rows[row]?.trim() ?? "";
  };

  const byCodeAction = async () => {
    const mark = desk.log().length;
    await pick(/Fill /);
    keys("Enter");
    return wait("the edit, or a reason", (now) =>
      /\[\+\]/.test(now) && !/Fill /.test(now) ? "taken" : isFinal(saidSince(mark)) && saidSince(mark),
    );
  };

  const ways: Record<Exclude<Way, "inline">, () => Promise<string>> = {
    completion: byCompletion,
    "code action": byCodeAction,
  };

  return wait("its screen", isIn("NOR")).then(() => ({
    name: "Helix",
    version: version ?? "",
    async open(path, line, column) {
      file = path;
      cursor = { line, column };
      await commandLine(`open ${path}`);
      await goTo(cursor);
    },
    async type(text) {
      await toInsert();
      type(text);
      await wait("what was typed", (now) => now.includes(text));
    },
    take: (way) => (way === "inline" ? Promise.reject(new Error("Helix has no ghost text")) : ways[way]()),
    async why() {
      await pick(/why is nothing offered/);
      keys("Enter");
      return wait("a message", (now) => now.includes("Armature: no") && now);
    },
    undo: async () => {
      await toNormal();
      keys("u");
    },
    redo: async () => {
      await toNormal();
      keys("U");
    },
    async save() {
      const before = statSync(file).mtimeMs;
      // What landed, and not what a formatter makes of it.
      await commandLine("write! --no-format");
      await until("Helix: the file written", () => statSync(file).mtimeMs !== before);
    },
    close() {
      tmux("kill-server");
      desk.remove();
      return Promise.resolve();
    },
  }));
}
