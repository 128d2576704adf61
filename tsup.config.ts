import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: { cli: "server/cli.ts" },
  format: "esm",
  target: "node20",
  platform: "node",
  outDir: "dist",
  clean: true,
  // openai, zod and the syntax tree load on first use: a session that never asks pays nothing.
  splitting: true,
  sourcemap: true,
  // On the way of every session: as one file without the parts nobody uses they take less memory (design §10).
  noExternal: ["zod", "vscode-uri", "smol-toml"],
  esbuildOptions(options) {
    // Also less memory. Names stay, for stack traces in bug reports.
    options.minifyWhitespace = true;
    options.minifySyntax = true;
  },
  async onSuccess() {
    const grammar = createRequire(import.meta.url).resolve("tree-sitter-rust/tree-sitter-rust.wasm");
    await copyFile(grammar, "dist/tree-sitter-rust.wasm");
  },
});
