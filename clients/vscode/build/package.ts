/** `npm run build:vscode`: bundles the extension and the server into one `.vsix`, from the root of the repository. */
import { copyFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { manifest } from "./manifest.ts";
import { packVsix } from "./vsix.ts";

const source = "clients/vscode";
const built = "dist/vscode";
/** What VS Code calls a platform; the files are the same for all. */
const target = process.env.VSCODE_TARGET ?? `${process.platform}-${process.arch}`;
if (target.startsWith("win32"))
  throw new Error(
    "there is no package for Windows: rust-analyzer's extension can start no script there; WSL works",
  );

await rm(built, { recursive: true, force: true });
await bundleExtension(join(built, "extension"));
await bundleServer(join(built, "extension/server"));
await copyTexts(join(built, "extension"));
const description = manifest();
const file = `dist/${description.name}-${description.version}-${target}.vsix`;
const folders = [{ from: join(built, "extension"), to: "" }];
await writeFile(file, await packVsix({ manifest: description, target, folders }));
process.stdout.write(`${file}\n`);

async function bundleExtension(folder: string): Promise<void> {
  await build({
    entryPoints: [join(source, "src/extension.ts")],
    outfile: join(folder, "extension.js"),
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    minify: true,
    // VS Code gives this one.
    external: ["vscode"],
  });
}

/** With everything it needs, since an extension brings no packages along. */
async function bundleServer(folder: string): Promise<void> {
  await build({
    entryPoints: { cli: "server/cli.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    // Packages in CommonJS ask for Node's modules by `require`, which a module does not have.
    banner: {
      js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
    },
  });
  // What runs below the server should not be told that it is Electron.
  await writeFile(
    join(folder, "main.mjs"),
    'delete process.env.ELECTRON_RUN_AS_NODE;\nawait import("./cli.mjs");\n',
  );
  const { resolve } = createRequire(join(process.cwd(), "package.json"));
  await copyFile(resolve("tree-sitter-rust/tree-sitter-rust.wasm"), join(folder, "tree-sitter-rust.wasm"));
  await copyFile(resolve("web-tree-sitter/web-tree-sitter.wasm"), join(folder, "web-tree-sitter.wasm"));
}

async function copyTexts(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of ["walkthrough"]) await cp(join(source, name), join(folder, name), { recursive: true });
  await copyFile(join(source, "README.md"), join(folder, "README.md"));
  await copyFile("CHANGELOG.md", join(folder, "CHANGELOG.md"));
  await copyFile("LICENSE-MIT", join(folder, "LICENSE.txt"));
}
