import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";

export interface Cursor {
  /** As in its header, without the leading slash. */
  readonly file: string;
  readonly uri: string;
  /** Offset (UTF-16 code units) into the file's text without the mark. */
  readonly offset: number;
}

export interface Workspace {
  /** Absolute, links resolved. */
  readonly root: string;
  readonly uri: string;
  readonly cursors: readonly Cursor[];
  /** The only cursor. Throws where there is none, or several. */
  readonly cursor: Cursor;
  path(file: string): string;
  uriOf(file: string): string;
  read(file: string): string;
  write(file: string, text: string): void;
  remove(): void;
}

/**
 * Writes files from one inline string into a new temporary directory:
 *
 *     //- /src/lib.rs
 *     fn f(x: Option<u8>) { match x { $0 } }
 *
 * `$0` marks a cursor and is taken out. Without a `/Cargo.toml` of its own the workspace gets a plain one. Goes when
 * the test ends, unless it failed; where it was made outside of a test, by `remove`.
 */
export function createWorkspace(text: string): Workspace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "armature-test-")));
  const path = (file: string) => join(root, file);
  const uriOf = (file: string) => pathToFileURL(path(file)).href;
  const write = (file: string, contents: string) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), contents);
  };
  const marked = withManifest(splitFiles(text));
  for (const file of marked) write(file.file, file.text);
  const cursors = marked.flatMap((file) =>
    file.cursors.map((offset) => ({ file: file.file, uri: uriOf(file.file), offset })),
  );
  const remove = () => rmSync(root, { recursive: true, force: true });
  removeAfterTest(root, remove);
  return {
    root,
    uri: pathToFileURL(root).href,
    cursors,
    get cursor() {
      if (cursors.length !== 1) throw new Error(`the workspace has ${cursors.length} cursors, not one`);
      return cursors[0]!;
    },
    path,
    uriOf,
    read: (file) => readFileSync(path(file), "utf8"),
    write,
    remove,
  };
}

interface MarkedFile {
  readonly file: string;
  readonly text: string;
  readonly cursors: readonly number[];
}

/** Files of the inline string, cursors taken out. The indentation that all lines of the string share is no part of them. */
export function splitFiles(text: string): MarkedFile[] {
  const [before = "", ...parts] = unindent(text).split(/^\/\/- \//m);
  if (before.trim() !== "" || parts.length === 0)
    throw new Error("an inline workspace starts with a header like `//- /src/lib.rs`");
  return parts.map((part) => {
    const end = part.indexOf("\n");
    if (end < 0) return { file: part.trim(), text: "", cursors: [] };
    return { file: part.slice(0, end).trim(), ...takeCursors(part.slice(end + 1)) };
  });
}

function takeCursors(text: string): { text: string; cursors: number[] } {
  const [first = "", ...rest] = text.split("$0");
  let clean = first;
  const cursors = rest.map((part) => {
    const offset = clean.length;
    clean += part;
    return offset;
  });
  return { text: clean, cursors };
}

function unindent(text: string): string {
  const indents = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.length - line.trimStart().length);
  const shared = indents.length === 0 ? 0 : Math.min(...indents);
  return text
    .split("\n")
    .map((line) => line.slice(Math.min(shared, line.length - line.trimStart().length)))
    .join("\n");
}

function withManifest(files: readonly MarkedFile[]): readonly MarkedFile[] {
  if (files.some(({ file }) => file === "Cargo.toml")) return files;
  const text = '[package]\nname = "fixture"\nversion = "0.1.0"\nedition = "2021"\n\n[workspace]\n';
  return [{ file: "Cargo.toml", text, cursors: [] }, ...files];
}

function removeAfterTest(root: string, remove: () => void): void {
  try {
    onTestFinished(({ task }) => {
      if (task.result?.state === "fail") process.stderr.write(`kept for a look: ${root}\n`);
      else remove();
    });
  } catch {
    // Outside of a test, as in beforeAll: whoever made it removes it.
  }
}
