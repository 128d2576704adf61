import type { Facts, Hole, HoleKind, Site, Skeleton } from "../../../server/stages.ts";

const matchText = `struct Canvas;

/// Area in square metres.
fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Square(side) => side * side,
    }
}

fn after() {}
`;

const added = `
        Shape::Circle(_) => todo!(),
        Shape::Rect { width, height } => todo!(),`;

/** A match on `Shape` with two arms missing, everything known about it. */
export function matchFacts(changes: Partial<Facts> = {}): Facts {
  const insertAt = matchText.indexOf("side * side,") + "side * side,".length;
  const start = matchText.indexOf("match shape");
  const site: Site = {
    kind: "match",
    document: { uri: "file:///w/src/area.rs", path: "/home/ada/w/src/area.rs", version: 1, text: matchText },
    healed: { start: 0, end: 0 },
    unhealed: "",
    healedText: "",
    span: { start, end: matchText.indexOf("\n}\n\nfn after") },
    keyword: start,
    insertAt: undefined,
    label: "match on `shape`",
  };
  const circle = "Shape::Circle(_)";
  const rect = "Shape::Rect { width, height }";
  const skeleton: Skeleton = {
    site,
    replaced: { start: insertAt, end: insertAt },
    text: added,
    holes: [
      hole("h1.b1", "binder", circle, "Circle", added.indexOf("_"), 1),
      hole("h1", "body", circle, "Circle", added.indexOf("todo!()"), 7),
      { ...hole("h2.b1", "binder", rect, "Rect", added.indexOf("width"), 5), field: "width" },
      { ...hole("h2.b2", "binder", rect, "Rect", added.indexOf("height"), 6), field: "height" },
      hole("h2", "body", rect, "Rect", added.lastIndexOf("todo!()"), 7),
    ],
    added: 2,
    written: [],
  };
  return {
    skeleton,
    root: "/home/ada/w",
    function: {
      name: "area",
      signature: "fn area(shape: &Shape) -> f64",
      parameters: [{ name: "shape", type: "&Shape" }],
      returnType: "f64",
      impl: undefined,
    },
    scrutinee: { text: "shape", type: "&Shape" },
    subject: {
      kind: "enum",
      name: "Shape",
      path: "/home/ada/w/src/shape.rs",
      text: "/// What can be drawn.\npub enum Shape {\n    Square(f64),\n    Circle(f64),\n    Rect { width: f64, height: f64 },\n}",
      variants: [
        { name: "Square", shape: "tuple", fields: [{ name: "0", type: "f64" }] },
        { name: "Circle", shape: "tuple", fields: [{ name: "0", type: "f64" }] },
        {
          name: "Rect",
          shape: "record",
          fields: [
            { name: "width", type: "f64" },
            { name: "height", type: "f64" },
          ],
        },
      ],
      fields: [],
      derives: [],
    },
    traitText: undefined,
    siblingArms: [
      {
        variant: "Square",
        qualifier: "Shape",
        pattern: "Shape::Square(side)",
        guarded: false,
        binders: ["side"],
        fields: [],
        body: "side * side",
      },
    ],
    otherMatches: [
      {
        path: "/home/ada/w/crates/draw/src/outline.rs",
        line: 12,
        functionName: "outline",
        arms: [
          {
            variant: "Circle",
            qualifier: "Shape",
            pattern: "Shape::Circle(radius)",
            guarded: false,
            binders: ["radius"],
            fields: [],
            body: "2.0 * PI * radius",
          },
        ],
      },
    ],
    thisImpl: undefined,
    otherImpls: [],
    typeImpls: [
      {
        path: "/home/ada/w/src/shape.rs",
        line: 30,
        trait: "",
        type: "Shape",
        methods: [
          {
            name: "unit",
            signature: "pub fn unit() -> Self",
            parameters: [],
            returnType: "Self",
            body: "{ Self::Square(1.0) }",
          },
        ],
        types: [],
        constants: [],
      },
    ],
    locals: [{ name: "shape", type: "&Shape" }],
    missing: [],
    ...changes,
  };
}

const implText = `impl Iterator for Steps {
}
`;
const members = `
    type Item = ();

    fn next(&mut self) -> Option<Self::Item> {
        todo!()
    }
`;

/** An impl of `Iterator` with an associated type and a method missing. */
export function implFacts(): Facts {
  const next = "fn next(&mut self) -> Option<Self::Item>";
  const at = implText.indexOf("{") + 1;
  const base = matchFacts();
  const site: Site = {
    ...base.skeleton.site,
    kind: "impl",
    document: { ...base.skeleton.site.document, text: implText },
    span: { start: 0, end: implText.length - 1 },
    keyword: 0,
    label: "impl `Iterator` for `Steps`",
  };
  return {
    ...base,
    skeleton: {
      site,
      replaced: { start: at, end: at + 1 },
      text: members,
      holes: [
        hole("h1", "type", "type Item", "Item", members.indexOf("()"), 2),
        hole("h2", "body", next, "next", members.indexOf("todo!()"), 7),
      ],
      added: 2,
      written: [],
    },
    function: undefined,
    scrutinee: undefined,
    subject: {
      kind: "struct",
      name: "Steps",
      path: "/home/ada/w/src/steps.rs",
      text: "struct Steps { left: u32 }",
      variants: [],
      fields: [{ name: "left", type: "u32" }],
      derives: [],
    },
    traitText: "pub trait Iterator {\n    type Item;\n    fn next(&mut self) -> Option<Self::Item>;\n}",
    siblingArms: [],
    otherMatches: [],
    typeImpls: [],
    locals: [],
  };
}

function hole(id: string, kind: HoleKind, owner: string, name: string, start: number, length: number): Hole {
  return { id, kind, span: { start, end: start + length }, owner, name };
}
