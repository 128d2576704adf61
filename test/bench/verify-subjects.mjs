/** Places in published crates for `npm run bench -- verify`: one arm of a match is the hole. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layRealProject, memberFolders, realProjects } from "../support/real-crates.mjs";

export const subjects = [
  {
    project: "ripgrep",
    what: "a workspace of twelve members",
    package: "ignore",
    file: "ignore/src/walk.rs",
    keyword: "match *self {\n            Stdin => Path::new",
    body: "x.path()",
    features: [],
    allTargets: true,
  },
  {
    project: "regex-syntax",
    what: "58,000 lines, all targets",
    package: "regex-syntax",
    file: "src/ast/mod.rs",
    keyword: "match *self {\n            Ast::Empty(ref span) => span,",
    body: "span,\n            Ast::Flags",
    features: [],
    allTargets: true,
  },
  {
    project: "naga",
    what: "84,000 lines, without tests",
    package: "naga",
    file: "src/back/msl/writer.rs",
    keyword: "match self {\n            Self {\n                kind: Sk::Float",
    body: '"float"',
    features: ["msl-out"],
    allTargets: false,
  },
];

/** Two copies of the project, one for the verifier and one for cargo alone. */
export function laySubject(subject, folder) {
  const [user, plain] = ["user", "plain"].map((name) => join(folder, name));
  const project = realProjects.find(({ name }) => name === subject.project);
  const { root } = layRealProject(project, user);
  for (const folder of memberFolders(project)) dropBenches(join(root, folder));
  cpSync(root, plain, { recursive: true });
  const text = readFileSync(join(root, subject.file), "utf8");
  const site = siteIn(text, subject);
  if (site === undefined) throw new Error(`${subject.project}: the place was not found`);
  return { subject, user: root, plain, site, path: join(root, subject.file) };
}

/** They need nightly or more than was published: with them a crate is red from the start. */
function dropBenches(folder) {
  rmSync(join(folder, "benches"), { recursive: true, force: true });
  const manifest = join(folder, "Cargo.toml");
  const sections = readFileSync(manifest, "utf8").split(/^(?=\[)/m);
  writeFileSync(manifest, sections.filter((section) => !section.startsWith("[[bench]]")).join(""));
}

/** The arguments of the verifier's own check, as a person would type them. */
export function argumentsOf({ package: name, features, allTargets }) {
  return [
    ...["check", "-p", name, "--keep-going", "--offline", "--message-format=json"],
    ...(allTargets ? ["--all-targets"] : []),
    ...(features.length > 0 ? ["--features", features.join(",")] : []),
  ];
}

export function settingsOf({ features, allTargets }) {
  return { cargo: { features, allTargets }, check: { workspace: false } };
}

/** The site after an edit that no check before has seen, on the line above: where people type when they ask. */
export function editedSite(site, edit) {
  const line = site.before.lastIndexOf("\n") + 1;
  return { ...site, before: `${site.before.slice(0, line)}// ${edit}\n${site.before.slice(line)}` };
}

export function textWith({ before, after }, body) {
  return `${before}${body}${after}`;
}

export function writeFile(world, body, edit) {
  writeFileSync(join(world.plain, world.subject.file), textWith(editedSite(world.site, edit), body));
}

function siteIn(text, { keyword, body }) {
  const start = text.indexOf(keyword);
  if (start < 0) return undefined;
  const bodyStart = text.lastIndexOf("=> ", text.indexOf(body, start)) + 3;
  const bodyEnd = text.indexOf(",\n", bodyStart);
  return {
    keyword: start,
    before: text.slice(0, bodyStart),
    right: text.slice(bodyStart, bodyEnd),
    after: text.slice(bodyEnd),
  };
}

export function skeletonOf({ keyword, before, right, after }, document) {
  const end = before.length + right.length;
  const closing = /\n {8}\}/.exec(after)?.index ?? 0;
  const hole = { id: "h1", kind: "body", span: { start: 0, end: 7 }, owner: "", name: "" };
  return {
    site: {
      ...{ kind: "match", document, healed: { start: keyword, end: keyword }, unhealed: "", healedText: "" },
      ...{ span: { start: keyword, end: end + closing + 10 }, keyword, insertAt: undefined, label: "match" },
    },
    ...{ replaced: { start: before.length, end }, text: "todo!()", holes: [hole], added: 1, written: [] },
  };
}

/** `chance`: how likely each is to be right, as bodies by analogy say it; undefined for a model's. */
export function draftsOf(bodies, chance) {
  return bodies.map((text, rank) => {
    const known = chance(rank);
    const author =
      known === undefined
        ? { by: "model", model: "bench" }
        : { by: "analogy", rule: "bench", place: "bench:1", chance: known };
    return { rank, fillings: new Map([["h1", { text, author }]]) };
  });
}

/** As models err: types that do not fit, methods and names that do not exist, values used after they were moved. */
export function wrongBodies(right) {
  const kinds = [
    (index) => `{ let n: u8 = "text ${index}"; let _ = n; ${right} }`,
    (index) => `(${index}u64, 1)`,
    (index) => `{ let value = ${right}; value.armature_method_${index}() }`,
    (index) => `armature_name_${index}(1)`,
    (index) => `{ let text = String::from("${index}"); drop(text); let _ = text.len(); ${right} }`,
  ];
  return Array.from({ length: 15 }, (_, index) => kinds[index % kinds.length](index));
}
