import { posix } from "node:path";
import ts from "typescript";

/** A source file as the rules see it: path relative to the repository, with slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

interface Import {
  readonly specifier: string;
  /** Names taken from it; "*" for a namespace, default or dynamic import. */
  readonly names: readonly string[];
}

interface ParsedFile extends SourceFile {
  readonly imports: readonly Import[];
  readonly usesConsole: boolean;
}

/** Lower may be imported by higher. A zone that is neither here nor an outside package is an error. */
const ranks: Readonly<Record<string, number>> = {
  protocol: 0,
  "server/stages.ts": 1,
  "server/base": 1,
  "server/syntax": 1,
  "server/relay": 2,
  "server/trigger": 3,
  "server/facts": 4,
  "server/bodies": 5,
  "server/verify": 6,
  "server/offer": 7,
  "server/tries.ts": 7.5,
  "server/own-gap.ts": 7.6,
  "server/pipeline.ts": 8,
  "server/views": 9,
  "server/user-settings.ts": 9,
  "server/session.ts": 10,
  "server/doctor": 11,
  "server/commands": 12,
  "server/cli.ts": 13,
};

/** A stage sees nothing of its neighbours: what goes between them is data of stages.ts. */
const stageZones = ["server/trigger", "server/facts", "server/bodies", "server/verify", "server/offer"];
const openToStages = ["protocol", "server/stages.ts", "server/base", "server/syntax"];

/** The rooms of server/verify, in the order in which a draft comes through them. */
const verifyRanks: Readonly<Record<string, number>> = {
  "no-verdict.ts": 0,
  cargo: 1,
  settings: 2,
  shadow: 3,
  text: 3,
  refusals: 4,
  check: 5,
  judge: 6,
  "check-room.ts": 7,
  "verify-run.ts": 8,
  "verifier.ts": 9,
  "warm-up.ts": 10,
};

/** Packages that only some files may import. */
const onlyImporters: readonly { readonly packages: readonly string[]; readonly files: RegExp }[] = [
  { packages: ["openai"], files: /^server\/bodies\/by-model\/[^/]+\.ts$/ },
  { packages: ["web-tree-sitter"], files: /^server\/syntax\// },
  {
    packages: ["child_process", "node:child_process"],
    files: /^server\/(base\/child|relay\/analyzer)\.ts$/,
  },
];

/** Who may write to a disk, and where to. */
const writers: readonly RegExp[] = [
  // Below the shadow only.
  /^server\/verify\/shadow\//,
  // The budget, kept over restarts, and the lock around it.
  /^server\/bodies\/by-model\/(budget|file-lock)\.ts$/,
  // The log file that the user named.
  /^server\/base\/log\.ts$/,
  // `armature fill --write`.
  /^server\/commands\/write-file\.ts$/,
  // The demo, in its own copies.
  /^server\/commands\/demo[^/]*\.ts$/,
  // The doctor tries whether the cache directory can be written.
  /^server\/doctor\/cache-check\.ts$/,
  // Opens candidates for reading: is it a script?
  /^server\/relay\/candidates\.ts$/,
];
const writing =
  /^(\*|writev?|writeFile|append|appendFile|mkdir|mkdtemp|rm|rmdir|unlink|rename|copyFile|cp|symlink|link|truncate|ftruncate|[fl]?utimes|[fl]?chmod|[fl]?chown|open|createWriteStream|promises)(Sync)?$/;

const longestFile = 250;
/** Types only: the contract between the stages is worth having in one place. */
const mayBeLonger = ["server/stages.ts"];

/** Every breach of the rules of design §2 in these files, as sentences: "file: what". */
export function findBreaches(files: readonly SourceFile[]): string[] {
  const parsed = files.map(parseFile);
  return [
    ...parsed.flatMap(rankBreaches),
    ...parsed.flatMap(importerBreaches),
    ...secondImporters(parsed, "openai"),
    ...parsed.flatMap(writerBreaches),
    ...parsed.filter((file) => file.usesConsole).map((file) => `${file.path}: uses console`),
    ...parsed.flatMap(lengthBreaches),
    ...cycles(parsed).map(
      (cycle) => `${cycle[0] ?? ""}: imports itself by way of ${cycle.slice(1).join(", ")}`,
    ),
  ];
}

/** Folders of server/ that the map (server/README.md) does not name. */
export function foldersNotOnTheMap(map: string, folders: readonly string[]): string[] {
  return folders.filter((folder) => !map.includes(`${folder}/`));
}

function parseFile(file: SourceFile): ParsedFile {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  let usesConsole = false;
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) imports.push(found);
    if (ts.isIdentifier(node) && node.text === "console" && !isMemberName(node)) usesConsole = true;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { ...file, imports, usesConsole };
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier))
    return { specifier: node.moduleSpecifier.text, names: importedNames(node.importClause) };
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier))
    return { specifier: node.moduleSpecifier.text, names: ["*"] };
  if (ts.isCallExpression(node) && (isDynamicImport(node) || isRequire(node))) {
    const argument = node.arguments[0];
    if (argument && ts.isStringLiteralLike(argument)) return { specifier: argument.text, names: ["*"] };
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  )
    return { specifier: node.argument.literal.text, names: [] };
  return undefined;
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  if (clause === undefined) return [];
  const bindings = clause.namedBindings;
  const named =
    bindings !== undefined && ts.isNamedImports(bindings)
      ? bindings.elements.map((element) => (element.propertyName ?? element.name).text)
      : [];
  const isWhole = clause.name !== undefined || (bindings !== undefined && ts.isNamespaceImport(bindings));
  return isWhole ? [...named, "*"] : named;
}

function isDynamicImport(node: ts.CallExpression): boolean {
  return node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function isRequire(node: ts.CallExpression): boolean {
  return ts.isIdentifier(node.expression) && node.expression.text === "require";
}

/** `window.console` or `{ console: … }` is somebody's member, not the global. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  const isAccessed = ts.isPropertyAccessExpression(parent) && parent.name === node;
  return (
    isAccessed ||
    ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node)
  );
}

function rankBreaches(file: ParsedFile): string[] {
  const from = zoneOf(file.path);
  return relativeImports(file).flatMap((target) => {
    const to = zoneOf(target);
    if (target === "package.json") return [];
    const problem = from === to ? innerProblem(file.path, target) : outerProblem(from, to);
    return problem === undefined ? [] : [`${file.path}: ${problem} (${target})`];
  });
}

function innerProblem(path: string, target: string): string | undefined {
  if (!path.startsWith("server/verify/")) return undefined;
  const [from = "", to = ""] = [path, target].map((file) => file.split("/")[2] ?? "");
  if (from === to) return undefined;
  const [own, other] = [verifyRanks[from], verifyRanks[to]];
  if (own === undefined) return `server/verify/${from} has no rank`;
  if (other !== undefined && other < own) return undefined;
  return `server/verify/${from} (rank ${own}) imports server/verify/${to} (rank ${other ?? "none"})`;
}

function outerProblem(from: string, to: string): string | undefined {
  return from.startsWith("clients/") ? clientProblem(to) : edgeProblem(from, to);
}

/** Clients speak the protocol; the server is another process for them. */
function clientProblem(to: string): string | undefined {
  return to === "protocol" ? undefined : "a client imports something else than protocol/";
}

function edgeProblem(from: string, to: string): string | undefined {
  const own = ranks[from];
  const other = ranks[to];
  if (own === undefined) return `${from} has no rank`;
  if (other === undefined) return `${to} has no rank`;
  if (stageZones.includes(from) && !openToStages.includes(to)) return `the stage ${from} imports ${to}`;
  if (to === "server/stages.ts" && own > 0) return undefined;
  return other < own ? undefined : `${from} (rank ${own}) imports ${to} (rank ${other})`;
}

function zoneOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "protocol" ? first : `${first}/${second}`;
}

function relativeImports(file: ParsedFile): string[] {
  return file.imports
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier }) => posix.join(posix.dirname(file.path), specifier));
}

function importerBreaches(file: ParsedFile): string[] {
  return file.imports.flatMap(({ specifier }) =>
    onlyImporters
      .filter(
        ({ packages, files }) =>
          packages.some((name) => isPackage(specifier, name)) && !files.test(file.path),
      )
      .map(() => `${file.path}: may not import ${specifier}`),
  );
}

function isPackage(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}

function secondImporters(files: readonly ParsedFile[], name: string): string[] {
  const importers = files.filter((file) => file.imports.some(({ specifier }) => isPackage(specifier, name)));
  return importers.slice(1).map((file) => `${file.path}: is a second importer of ${name}`);
}

function writerBreaches(file: ParsedFile): string[] {
  if (!file.path.startsWith("server/") || writers.some((writer) => writer.test(file.path))) return [];
  return file.imports
    .filter(({ specifier }) => /^(node:)?fs(\/promises)?$/.test(specifier))
    .flatMap(({ names }) => names.filter((name) => writing.test(name)))
    .map((name) => `${file.path}: may not write to a disk (${name === "*" ? "the whole of fs" : name})`);
}

function lengthBreaches(file: ParsedFile): string[] {
  const lines = file.text.trimEnd().split("\n").length;
  if (lines <= longestFile || mayBeLonger.includes(file.path)) return [];
  return [`${file.path}: has ${lines} lines, more than ${longestFile}`];
}

/** Each file that leads back to itself, with the way; every cycle once. */
function cycles(files: readonly ParsedFile[]): string[][] {
  const targets = new Map(files.map((file) => [file.path, relativeImports(file)]));
  const done = new Set<string>();
  const found: string[][] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) found.push([...way.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) walk(target, [...way, path]);
    done.add(path);
  };
  for (const file of files) walk(file.path, []);
  return found;
}
