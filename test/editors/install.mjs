/**
 * node test/editors/install.mjs
 *
 * Puts the terminal editors into a cache outside the repository: a small Debian tree of their newest releases, from
 * the mirror that this machine's own apt uses, and tmux beside it. Says what it installs; quick the second time.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = process.env.ARMATURE_EDITORS ?? join(homedir(), ".cache/armature/editors");
export const editorsTree = join(cache, "sid");

const packages = ["neovim", "hx", "emacs-nox", "elpa-lsp-mode", "ca-certificates"];
const programs = ["usr/bin/nvim", "usr/lib/hx/hx", "usr/bin/emacs-nox"];

/** Throws with what failed: a suite never passes because an editor is missing. */
export function installEditors() {
  const missing = ["tmux", "debootstrap"].filter((program) => !isOnPath(program));
  const isTreeWhole = programs.every((program) => existsSync(join(editorsTree, program)));
  if (isTreeWhole && isOnPath("tmux")) return;
  if (missing.length > 0) {
    say(`apt-get install ${missing.join(" ")}`);
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", ...missing]);
  }
  if (isTreeWhole) return;
  say(`${packages.join(", ")} into ${editorsTree} (Debian sid, about 750 MB)`);
  mkdirSync(cache, { recursive: true });
  const unfinished = join(cache, `unfinished-${process.pid}`);
  rmSync(editorsTree, { recursive: true, force: true });
  const options = ["--variant=minbase", `--include=${packages.join(",")}`];
  run("debootstrap", [...options, "sid", unfinished, mirror()]);
  renameSync(unfinished, editorsTree);
}

/** The first address of the machine's own package sources. */
function mirror() {
  const folder = "/etc/apt/sources.list.d";
  const files = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  for (const file of ["/etc/apt/sources.list", ...files]) {
    if (!/\.(?:list|sources)$/.test(file) || !existsSync(file)) continue;
    const found = /^(?:URIs:|deb(?: \[.*\])?)\s+(\S*debian\S*)/m.exec(readFileSync(file, "utf8"))?.[1];
    if (found !== undefined) return found;
  }
  throw new Error("no Debian mirror in the machine's apt sources: the editors' tests need Debian");
}

function isOnPath(program) {
  return spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;
}

function run(file, fileArguments) {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status } = spawnSync(file, fileArguments, { stdio: ["ignore", 2, 2], env: environment });
  if (status !== 0) throw new Error(`${file} ${fileArguments[0]} failed: see above`);
}

function say(text) {
  process.stderr.write(`editors: installing ${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installEditors();
