/** The syntax tree as rustc itself reads a text, for those who do not want to believe ours. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Span } from "../../server/stages.ts";

/**
 * rustc's tree around the holes, one line for each node, without places; undefined where rustc cannot read the
 * text. What lies in a hole is one line that says so.
 */
export function rustcTree(
  directory: string,
  edition: string,
  text: string,
  holes: readonly Span[],
): readonly string[] | undefined {
  const file = join(directory, "judged.rs");
  writeFileSync(file, text);
  // The tree is printed by nightly's option, before anything is resolved or expanded.
  const { status, stdout } = spawnSync(
    "rustc",
    ["--edition", edition, "--crate-type", "lib", "-Zunpretty=ast-tree", "judged.rs"],
    { cwd: directory, encoding: "utf8", env: { ...process.env, RUSTC_BOOTSTRAP: "1" }, maxBuffer: 1e8 },
  );
  if (status !== 0) return undefined;
  const places = holes.map(({ start, end }) => ({ start: placeOf(text, start), end: placeOf(text, end) }));
  return outside(nodesOf(stdout.split("\n")), places);
}

interface PrintedNode {
  readonly head: string;
  readonly inside: readonly PrintedNode[];
}

/** Line and column, as one number. */
type Place = number;
const placeAt = (line: number, column: number): Place => line * 100_000 + column;

/** As rustc counts: from 1, columns in characters, `\r\n` as one. */
function placeOf(text: string, offset: number): Place {
  const lines = text.slice(0, offset).split("\n");
  return placeAt(lines.length, [...(lines.at(-1) ?? "")].length + 1);
}

/** Rust's `{:#?}` as a tree: a line that ends in an opening bracket holds what follows, up to the closing one. */
function nodesOf(lines: readonly string[]): readonly PrintedNode[] {
  let at = 0;
  const read = (): PrintedNode[] => {
    const nodes: PrintedNode[] = [];
    for (; at < lines.length; at += 1) {
      const line = (lines[at] ?? "").trim();
      if (/^[\])}],?$/.test(line)) return nodes;
      if (!/[[({]$/.test(line)) nodes.push({ head: line, inside: [] });
      else {
        at += 1;
        nodes.push({ head: line, inside: read() });
      }
    }
    return nodes;
  };
  return read();
}

function outside(
  nodes: readonly PrintedNode[],
  holes: readonly { start: Place; end: Place }[],
): readonly string[] {
  const lines: string[] = [];
  const visit = ({ head, inside }: PrintedNode) => {
    const span = inside.map(({ head: line }) => spanOf(line)).find((found) => found !== undefined);
    const hole = holes.findIndex(
      ({ start, end }) => span !== undefined && span.start >= start && span.end <= end,
    );
    if (hole >= 0) {
      const said = `hole ${hole + 1}`;
      if (lines.at(-1) !== said) lines.push(said);
      return;
    }
    if (!isPlace(head)) lines.push(head);
    inside.forEach(visit);
  };
  nodes.forEach(visit);
  return lines;
}

function spanOf(line: string): { start: Place; end: Place } | undefined {
  const found = /^span: judged\.rs:(\d+):(\d+): (\d+):(\d+) /.exec(line);
  if (found === null) return undefined;
  const [startLine, startColumn, endLine, endColumn] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
  ];
  return { start: placeAt(startLine, startColumn), end: placeAt(endLine, endColumn) };
}

function isPlace(line: string): boolean {
  return /^(?:\w+: )?(?:judged\.rs:[\d: ]+|no-location) \(#\d+\),?$/.test(line);
}
