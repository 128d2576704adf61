/** One story each: what stands in the file, where a person asks and how, and what is on disk after saving. */
import type { Way } from "./editor.ts";

export interface Story {
  readonly name: string;
  /** `$0` is the cursor. */
  readonly source: string;
  readonly way: Way;
  /** Editors in which it does not hold yet. */
  readonly notIn?: readonly string[];
  /** `rustfmt.toml` of the story's package. */
  readonly rustfmt?: string;
  /** Typed at the cursor before asking. */
  readonly typed?: string;
  /** After taking: undone, or undone and done again. */
  readonly afterwards?: "undo" | "undo and redo";
  /** The bytes on disk in the end. */
  readonly saved?: string;
  /** Where nothing may be offered: what the editor shows when asked why. */
  readonly reason?: RegExp;
}

/** A match with one arm missing; `line` is where the arm goes, `\n` and indentation around it are the caller's. */
const shapes = (line: string, { before = "", after = "" } = {}) =>
  `pub enum Shape {
    Circle,
    Square,
    Oval,
}

${before}pub fn name(shape: &Shape) -> &'static str {
    match shape {
        Shape::Circle => "circle",
        Shape::Square => "square",
${line}    }
}
${after}`;

const oval = '        Shape::Oval => "oval",\n';
const filled = shapes(oval);

const tabbed = (text: string) => text.replaceAll("    ", "\t");
const crlf = (text: string) => text.replaceAll("\n", "\r\n");

const units = (members: string) =>
  `pub trait Unit {
    fn amount(&self) -> u32;
    fn twice(&self) -> u32;
}

pub struct Metre {
    amount: u32,
}

impl Unit for Metre {
    fn amount(&self) -> u32 {
        self.amount
    }

    fn twice(&self) -> u32 {
        self.amount * 2
    }
}

pub struct Gram {
    amount: u32,
}

impl Unit for Gram {
${members}}
`;

const amount = `    fn amount(&self) -> u32 {
        self.amount
    }
`;
const both = `${amount}
    fn twice(&self) -> u32 {
        self.amount * 2
    }
`;
const wide = { before: '/// « é漢😀 », "ß".\n' };

const spaced = (column: number) => `${" ".repeat(column)}$0${" ".repeat(Math.max(0, 8 - column))}\n`;

export const stories: readonly Story[] = [
  ...[0, 1, 4, 8, 12].map((column): Story => ({
    name: `a missing arm, the cursor at column ${column} of a line of white space`,
    source: shapes(spaced(column)),
    way: "completion",
    saved: filled,
  })),
  { name: "a missing arm, on an empty line", source: shapes("$0\n"), way: "completion", saved: filled },
  {
    name: "a missing arm, half a word typed",
    source: shapes("        $0\n"),
    typed: "Sh",
    // Its own order puts a variant of rust-analyzer's above ours.
    notIn: ["Helix"],
    way: "completion",
    saved: filled,
  },
  {
    name: "a missing arm, tabs",
    source: tabbed(shapes("        $0\n")),
    way: "completion",
    rustfmt: "hard_tabs = true\n",
    saved: tabbed(filled),
  },
  {
    name: "a missing arm, tabs, the cursor at column 0",
    source: tabbed(shapes("$0        \n")),
    way: "inline",
    rustfmt: "hard_tabs = true\n",
    saved: tabbed(filled),
  },
  {
    name: "a missing arm, CRLF",
    source: crlf(shapes("        $0\n")),
    way: "completion",
    saved: crlf(filled),
  },
  {
    name: "a missing arm, letters of several bytes before the cursor's line",
    source: shapes("        $0\n", wide),
    way: "completion",
    saved: shapes(oval, wide),
  },
  {
    name: "a missing arm, undone",
    source: shapes("        $0\n"),
    way: "completion",
    afterwards: "undo",
    saved: shapes("        \n"),
  },
  {
    name: "a missing arm, undone and done again",
    source: shapes("        $0\n"),
    way: "completion",
    afterwards: "undo and redo",
    saved: filled,
  },
  {
    name: "missing members below another impl, an empty line between them",
    source: units("    $0\n"),
    way: "completion",
    saved: units(both),
  },
  {
    name: "missing members, tabs",
    source: tabbed(units("    $0\n")),
    way: "completion",
    rustfmt: "hard_tabs = true\n",
    saved: tabbed(units(both)),
  },
  {
    name: "missing members, CRLF",
    source: crlf(units("    $0\n")),
    way: "completion",
    saved: crlf(units(both)),
  },
  {
    name: "missing members, the cursor at column 0",
    source: units("$0\n"),
    way: "completion",
    saved: units(both),
  },
  {
    name: "a missing member below a neighbour",
    source: units(`${amount}\n    $0\n`),
    way: "completion",
    saved: units(both),
  },
  {
    name: "a missing arm, by code action at the match keyword",
    source: shapes("").replace("    match", "    ma$0tch"),
    way: "code action",
    saved: filled,
  },
  {
    name: "a missing arm, by code action at the matched value, where the diagnostic is",
    source: shapes("").replace("match shape", "match sha$0pe"),
    way: "code action",
    saved: filled,
  },
  {
    name: "missing members, by code action at the impl",
    source: units("").replace("impl Unit for Gram", "im$0pl Unit for Gram"),
    way: "code action",
    saved: units(both),
  },
  {
    name: "an arm that is todo!(), by code action",
    source: shapes("        Shape::Oval => to$0do!(),\n"),
    way: "code action",
    saved: filled,
  },
  {
    name: "a missing arm, CRLF, by code action",
    source: crlf(shapes("        $0\n")),
    way: "code action",
    saved: crlf(filled),
  },
  {
    name: "a missing arm, tabs, by code action",
    source: tabbed(shapes("        $0\n")),
    way: "code action",
    rustfmt: "hard_tabs = true\n",
    saved: tabbed(filled),
  },
  { name: "a missing arm, as ghost text", source: shapes("        $0\n"), way: "inline", saved: filled },
  {
    name: "a missing arm, as ghost text, tabs",
    source: tabbed(shapes("        $0\n")),
    way: "inline",
    rustfmt: "hard_tabs = true\n",
    saved: tabbed(filled),
  },
  { name: "a missing arm, as ghost text, at column 0", source: shapes("$0\n"), way: "inline", saved: filled },
  {
    name: "nothing tells what an arm should hold, and the editor says so",
    source: `pub enum Door {
    Open,
    Shut,
}

pub fn count(door: Door) -> u64 {
    match door {
        $0
    }
}
`,
    way: "completion",
    reason: /enough evidence in the code around/,
  },
];
