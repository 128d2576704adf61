/** A crate on disk, skeletons cut by hand, and a verifier: the world of the verify stories. */
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Abort } from "../../server/base/abort.ts";
import { silentLog } from "../../server/base/log.ts";
import { runCommand } from "../../server/base/child.ts";
import type { DocumentSnapshot, Draft, Filling, Hole, HoleKind, Skeleton } from "../../server/stages.ts";
import { type CheckSettings, checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import type { VerifyReport } from "../../server/verify/verifier.ts";
import { createWatchedVerifier, type Verifier } from "../support/held/watched-verifier.ts";

export const environment = { ...process.env };

export interface World {
  readonly root: string;
  readonly cache: string;
  readonly verifier: Verifier;
  pathOf(file: string): string;
  write(file: string, text: string): void;
  remove(file: string): void;
  /** Command lines of processes that work in this world. */
  processes(): readonly string[];
  /** The skeleton of a file whose text holds `«…»` around the replaced part and `‹kind:placeholder›` holes in it. */
  skeleton(file: string, source: string, options?: { readonly original?: string }): Skeleton;
  verify(
    skeleton: Skeleton,
    bodies: readonly Readonly<Record<string, string>>[],
    options?: {
      readonly documents?: readonly DocumentSnapshot[];
      readonly settings?: CheckSettings;
      readonly signal?: AbortSignal;
    },
  ): Promise<Awaited<ReturnType<Verifier["verify"]>>>;
  cargo(
    ...options: readonly string[]
  ): Promise<{ readonly exitCode: number | undefined; readonly stderr: string }>;
  close(): Promise<void>;
}

export function makeWorld(files: Readonly<Record<string, string>>): World {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "armature-verify-")));
  const root = join(base, "user", "crate");
  const cache = join(base, "cache");
  const verifier = createWatchedVerifier({
    cacheDirectory: cache,
    log: silentLog,
    environment,
    diskLimitMegabytes: 10_000,
  });
  const pathOf = (file: string) => join(root, file);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(pathOf(file)), { recursive: true });
    writeFileSync(pathOf(file), text);
  };
  for (const [file, text] of Object.entries({ ...manifest, ...files })) write(file, text);
  return {
    root,
    cache,
    verifier,
    pathOf,
    write,
    remove: (file) => rmSync(pathOf(file)),
    processes: () => commandLines().filter((line) => line.includes(base)),
    skeleton: (file, source, options) => {
      const skeleton = skeletonOf(pathOf(file), source);
      write(file, options?.original ?? skeleton.site.document.text);
      return skeleton;
    },
    verify: (skeleton, bodies, options) =>
      verifier.verify({
        skeleton,
        drafts: bodies.map(draftOf),
        documents: options?.documents ?? [skeleton.site.document],
        settings: options?.settings ?? checkSettingsFrom({}),
        signal: options?.signal ?? new Abort().signal,
        report: () => {},
      }),
    cargo: (...options) =>
      runCommand({
        file: "cargo",
        arguments: ["check", "--offline", "--target-dir", join(base, "control"), ...options],
        cwd: root,
        environment,
        signal: new Abort().signal,
      }),
    async close() {
      await verifier.dispose();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

export function draftOf(bodies: Readonly<Record<string, string>>, rank: number): Draft {
  const author = { by: "analogy", rule: "test", place: "test:1", chance: 1 } as const;
  const fillings = Object.entries(bodies)
    .filter(([id]) => !id.includes("."))
    .map(([id, text]): [string, Filling] => {
      const binders = Object.entries(bodies).filter(([binder]) => binder.startsWith(`${id}.`));
      return [id, { text, author, binders: new Map(binders) }];
    });
  return { rank, fillings: new Map(fillings) };
}

export function reportOf(result: { readonly kind: string }): VerifyReport {
  if (result.kind !== "report") throw new Error(`no report: ${JSON.stringify(result)}`);
  return result as VerifyReport;
}

/** "accepted", "rejected h2 E0308", "refused leaves-its-hole", "unknown not-live" */
export function shortly(result: { readonly kind: string }): readonly string[] {
  return reportOf(result).verdicts.map((verdict) => {
    switch (verdict.kind) {
      case "accepted":
        return "accepted";
      case "rejected":
        return `rejected ${verdict.diagnostics[0]?.hole ?? "-"} ${verdict.diagnostics[0]?.code ?? "-"}`;
      case "refused":
        return `refused ${verdict.hole} ${verdict.reason}`;
      case "unknown":
        return `unknown ${verdict.reason}`;
    }
  });
}

export function document(path: string, text: string): DocumentSnapshot {
  return { uri: `file://${path}`, path, version: 1, text };
}

export function skeletonOf(path: string, source: string): Skeleton {
  const start = source.indexOf("«");
  const end = source.indexOf("»");
  const region = source.slice(start + 1, end);
  const head = source.slice(0, start);
  const holes: Hole[] = [];
  const written: { start: number; end: number }[] = [];
  let text = "";
  let bodies = 0;
  let binders: Omit<Hole, "id">[] = [];
  for (const part of region.split(/(‹[^›]*›)/)) {
    const hole = /^‹(\w+):([\s\S]*)›$/.exec(part);
    const placeholder = hole?.[2] ?? part;
    const span = { start: text.length, end: text.length + placeholder.length };
    text += placeholder;
    if (hole === null) continue;
    if (hole[1] === "written") {
      written.push(span);
      continue;
    }
    const field = hole[1] === "binder" && placeholder !== "_" ? { field: placeholder } : {};
    const entry = { kind: hole[1] as HoleKind, span, owner: "", name: "", ...field };
    if (entry.kind === "binder") {
      binders.push(entry);
      continue;
    }
    bodies += 1;
    binders.forEach((binder, index) => holes.push({ id: `h${bodies}.b${index + 1}`, ...binder }));
    binders = [];
    holes.push({ id: `h${bodies}`, ...entry });
  }
  const documentText = head + source.slice(end + 1);
  const keyword = Math.max(head.lastIndexOf("match "), head.lastIndexOf("impl "));
  const kind = head.startsWith("match ", keyword) ? "match" : "impl";
  const close = documentText.indexOf("}", head.length) + 1;
  return {
    site: {
      kind,
      document: document(path, documentText),
      healed: { start: keyword, end: keyword },
      unhealed: "",
      healedText: "",
      span: { start: keyword, end: close },
      keyword,
      insertAt: undefined,
      label: `${kind} of the test`,
    },
    replaced: { start: head.length, end: head.length },
    text,
    holes,
    added: bodies,
    written,
  };
}

/** Every file below, with its size, times and content. */
export function treeState(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const path = join(root, name);
      const state = statSync(path, { bigint: true });
      const content = state.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
      return `${name} ${state.size} ${state.mtimeNs} ${state.ctimeNs} ${state.ino} ${content}`;
    });
}

export function commandLines(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    });
}

const manifest = {
  "Cargo.toml": '[package]\nname = "shapes"\nversion = "0.1.0"\nedition = "2021"\n',
};
