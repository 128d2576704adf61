/** Below the home folder. VS Code's defaults of settings are fixed text, so the place is one and the same for all. */
export const launcherPlace = ".armature/bin/armature";
export const launcherSetting = `~/${launcherPlace}`;

export interface LauncherFacts {
  /** The program that the extension itself runs on, which is Node once ELECTRON_RUN_AS_NODE is set. */
  readonly node: string;
  /** The server's entry in this extension. */
  readonly server: string;
  /** The rust-analyzer that came with the official extension, where that is installed. */
  readonly analyzer: string | undefined;
}

/**
 * The program that stands in `rust-analyzer.server.path`. What it names may be gone when it runs, since the official
 * extension may start before this one has written it anew after an update: then another version beside it
 * is taken, and where Armature cannot be started at all, rust-analyzer is.
 */
export function launcherText({ node, server, analyzer }: LauncherFacts): string {
  return `#!/bin/sh
# Written by the Armature extension for VS Code whenever it starts; what is changed here does not last.
node=${quoted(node)}
[ -x "$node" ] || node=$(command -v node)
for server in ${quoted(server)} ${besideVersion(server)}; do [ -f "$server" ] && break; done
if [ -z "$ARMATURE_RUST_ANALYZER" ]; then
  for found in ${analyzer === undefined ? "" : `${quoted(analyzer)} ${besideVersion(analyzer)}`}; do
    if [ -x "$found" ]; then export ARMATURE_RUST_ANALYZER="$found"; break; fi
  done
fi
if [ -x "$node" ] && [ -f "$server" ]; then
  ELECTRON_RUN_AS_NODE=1 exec "$node" "$server" "$@"
fi
exec "\${ARMATURE_RUST_ANALYZER:-rust-analyzer}" "$@"
`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}

/** `…/name-1.2.3/server/file` in any version. */
function besideVersion(path: string): string {
  const names = path.split("/");
  const [folder = "", ...inside] = names.slice(-3);
  const before = `${names.slice(0, -3).join("/")}/${folder.replace(/-\d.*$/, "")}-`;
  return `${quoted(before)}*${quoted(`/${inside.join("/")}`)}`;
}
