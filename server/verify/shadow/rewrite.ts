import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, isAbsolute } from "node:path";
import { type NamedPath, pathsInManifest, pathsInSettings, withPaths } from "../cargo/named-paths.ts";
import { isInside, realPathOf } from "../../base/real-path.ts";
import type { Shadow } from "./shadow.ts";
import type { SourceEntry } from "./entry.ts";
import type { Workspace } from "../cargo/workspace.ts";

/**
 * Paths in manifests and settings that would lead out of the shadow: what is compiled is named by its place in the
 * shadow, where unsaved texts count and build scripts write; what is only read or run by its place in the user's.
 */
export class Rewriter {
  readonly #shadow: Shadow;
  /** Texts of files that are rewritten, undefined for others, by stamp. */
  readonly #known = new Map<string, { readonly key: string; readonly text: string | undefined }>();

  constructor(shadow: Shadow) {
    this.#shadow = shadow;
  }

  /** The entry as it is, or with the text that the shadow gets. */
  entry(path: string, entry: SourceEntry, workspace: Workspace): SourceEntry {
    if (entry.kind !== "file" || entry.text !== undefined || !isRead(path, workspace)) return entry;
    const key = `${entry.stamp} ${workspace.roots.join(" ")}`;
    const known = this.#known.get(path);
    const text =
      known?.key === key && !entry.isRacy
        ? known.text
        : this.text(path, readFileSync(entry.from, "utf8"), workspace);
    this.#known.set(path, { key, text });
    if (text === undefined) return entry;
    return { ...entry, text, stamp: `${entry.stamp} ${createHash("sha256").update(text).digest("hex")}` };
  }

  /** A text of this file with its paths rewritten; undefined where it stays as it is. */
  text(path: string, text: string, workspace: Workspace): string | undefined {
    if (!isRead(path, workspace)) return undefined;
    const settings = workspace.settingsFiles.find(({ file }) => file === path);
    // Most manifests name no path that begins at the root.
    if (settings === undefined && !/["']\//.test(text)) return undefined;
    const named =
      settings === undefined
        ? pathsInManifest(text, dirname(path))
        : pathsInSettings(text, settings.directory);
    const paths = named.flatMap((one) => {
      const to = this.#placeFor(one, workspace);
      return to === undefined ? [] : [{ named: one, to }];
    });
    return paths.length === 0 ? undefined : withPaths(text, paths);
  }

  #placeFor({ kind, written, path }: NamedPath, { roots }: Workspace): string | undefined {
    const isLaidOut = roots.some((root) => isInside(realPathOf(path), root));
    if (kind === "package") return isAbsolute(written) && isLaidOut ? this.#shadow.placeOf(path) : undefined;
    return isAbsolute(written) || isLaidOut ? undefined : path;
  }
}

function isRead(path: string, { settingsFiles }: Workspace): boolean {
  return basename(path) === "Cargo.toml" || settingsFiles.some(({ file }) => file === path);
}
