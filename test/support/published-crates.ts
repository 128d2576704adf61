/** Sources of published crates at fixed versions, as cargo fetches them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Directories of the crates, by name. `home` is an empty directory for the manifest that names them. */
export function fetchCrates(home: string, crates: Readonly<Record<string, string>>): Map<string, string> {
  const dependencies = Object.entries(crates).map(([name, version]) => `${name} = "=${version}"`);
  mkdirSync(join(home, "src"));
  writeFileSync(join(home, "src/lib.rs"), "");
  writeFileSync(
    join(home, "Cargo.toml"),
    `[package]\nname = "measured"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n${dependencies.join("\n")}\n`,
  );
  const text = execFileSync("cargo", ["metadata", "--format-version", "1"], {
    cwd: home,
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  const metadata = JSON.parse(text) as {
    packages: { name: string; version: string; manifest_path: string }[];
  };
  return new Map(
    metadata.packages
      .filter(({ name, version }) => crates[name] === version)
      .map((found) => [found.name, dirname(found.manifest_path)]),
  );
}

/** Rust files of a crate that are neither tests nor tables. */
export function rustFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".rs") && !/(^|\/)(tests|benches|examples|unicode_tables)\//.test(path))
    .sort()
    .map((path) => join(root, path));
}
