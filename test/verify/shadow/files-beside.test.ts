/** Which files outside a workspace belong to it all the same. */
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { loadRustSyntax } from "../../../server/syntax/parse.ts";
import type { Workspace } from "../../../server/verify/cargo/workspace.ts";
import { modulesOutside } from "../../../server/verify/shadow/modules-outside.ts";
import { OwnPlaces } from "../../../server/verify/shadow/own-places.ts";
import { filesReadByScripts } from "../../../server/verify/shadow/script-files.ts";
import { createWorkspace } from "../../support/workspace.ts";

const syntax = await loadRustSyntax();

/** A workspace in `app` of one package, whose library stands at `library`. */
function lay(text: string, library = "app/src/lib.rs") {
  const files = createWorkspace(`//- /app/Cargo.toml\n[package]\nname = "app"\n${text}`);
  const target = (name: string, kind: string, src: string) => ({
    ...{ name, kind: [kind], src_path: files.path(src), "required-features": [], test: true },
  });
  const member = {
    ...{
      id: "app",
      name: "app",
      version: "0.1.0",
      manifest_path: files.path("app/Cargo.toml"),
      edition: "2024",
      source: null,
    },
    targets: [target("app", "lib", library), target("build-script-build", "custom-build", "app/build.rs")],
    dependencies: [],
  };
  const workspace: Workspace = {
    ...{ root: files.path("app"), packageName: "app", packageDirectory: files.path("app") },
    ...{ members: [member], buildDirectory: files.path("app/target"), targetDirectories: [], cargoHome: "" },
    ...{ roots: [files.path("app")], links: new Map(), settingsFiles: [], manifests: [] },
  };
  const named = (paths: readonly string[]) => paths.map((path) => path.slice(files.root.length + 1)).sort();
  return { files, workspace, named };
}

it("takes the modules of a library that stands outside", () => {
  const { workspace, named } = lay(
    "//- /code/lib.rs\nmod more;\n//- /code/more.rs\n//- /code/unused.rs\n",
    "code/lib.rs",
  );
  expect(named(modulesOutside(syntax, workspace, ""))).toEqual(["code/lib.rs", "code/more.rs"]);
});

it("takes modules that paths lead to only for a document outside", () => {
  const { files, workspace, named } = lay(
    '//- /app/src/lib.rs\n#[path = "../../code/mode.rs"]\nmod mode;\nmod own;\n//- /app/src/own.rs\n//- /code/mode.rs\n',
  );
  expect(modulesOutside(syntax, workspace, "")).toEqual([]);
  expect(modulesOutside(syntax, workspace, files.path("app/src/own.rs"))).toEqual([]);
  expect(named(modulesOutside(syntax, workspace, files.path("code/mode.rs")))).toEqual(["code/mode.rs"]);
});

it("takes what a build script names beside the workspace, and what it had watched", () => {
  const script = 'fn main() { read("../proto/n.txt"); read("src/own.txt"); read("../gone.txt"); }';
  const output = "cargo::rerun-if-changed=../watched\ncargo:rerun-if-changed=src/own.txt\n";
  const { files, workspace, named } = lay(
    `//- /app/build.rs\n${script}\n//- /app/src/lib.rs\n//- /app/src/own.txt\n//- /proto/n.txt\n//- /proto/other.txt\n` +
      `//- /app/target/debug/build/app-1/output\n${output}//- /watched/a.txt\n//- /watched/deep/b.txt\n//- /watched/.git/c\n`,
  );
  symlinkSync("..", files.path("watched/deep/round"));
  expect(named(filesReadByScripts(workspace))).toEqual([
    "proto/n.txt",
    "watched/a.txt",
    "watched/deep/b.txt",
  ]);
});

it("takes no folder that holds the workspace, and none with very many files", () => {
  const many = Array.from({ length: 301 }, (_, index) => `//- /many/${index}.txt\n`).join("");
  const script = 'fn main() { list("../"); list("../many"); list("../few"); }';
  const { workspace, named } = lay(
    `//- /app/build.rs\n${script}\n//- /app/src/lib.rs\n${many}//- /few/0.txt\n`,
  );
  expect(named(filesReadByScripts(workspace))).toEqual(["few/0.txt"]);
});

it("knows a file of the shadow by its real path, whatever link leads to it", () => {
  const files = createWorkspace("//- /tree/app/real/lib.rs\n//- /tree/app/linked/mode.rs\n");
  const link = files.path("tree/app/src");
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync("real", link);
  const tree = files.path("tree");
  const places = new OwnPlaces({
    tree,
    placeOf: (path) => tree + path,
    userPathOf: (place) => (place.startsWith(`${tree}/`) ? place.slice(tree.length) : undefined),
  });
  places.setCopies(new Map([["/app/linked/mode.rs", "/common/mode.rs"]]));
  expect(places.of(`${tree}/app/src/lib.rs`)).toBe(`${tree}/app/real/lib.rs`);
  expect(places.of(`${tree}/app/linked/mode.rs`)).toBe(`${tree}/common/mode.rs`);
  expect(places.of(`${tree}/app/src/gone.rs`)).toBe(`${tree}/app/real/gone.rs`);
  expect(places.of("/elsewhere/lib.rs")).toBe("/elsewhere/lib.rs");
  expect(places.copiesOf("/common/mode.rs")).toEqual(["/app/linked/mode.rs"]);
});
