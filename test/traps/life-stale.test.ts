/** Verdicts on texts and files that have moved on while they were checked. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Abort } from "../../server/base/abort.ts";
import type { Asked } from "../../server/trigger/asked.ts";
import { Jobs } from "../../server/trigger/jobs.ts";
import type { DocumentSnapshot, Outcome, Skeleton } from "../../server/stages.ts";
import { Gate } from "./life.ts";
import { explain, TrapWorld, verdictsOf } from "./trap.ts";
import { count, file, kinds, right } from "./site.ts";

let world: TrapWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const files = (gate: Gate, lib: string, more = "") =>
  file("build.rs", gate.script()) + file("src/lib.rs", lib) + more;
const site = `mod part;\nuse part::Unit;\n${kinds}${count.replace("-> u8", "-> Unit")}`;
const unit = (type: string) => file("src/part.rs", `pub type Unit = ${type};\n`);
const narrow = { h1: "1u8", h2: "2" };
const write = (path: string, text: string) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

describe("files that change during a check", () => {
  const changes: readonly (readonly [string, string, string])[] = [
    ["a source file that changes", "src/part.rs", "pub type Unit = u16;\n"],
    ["a source file that comes", "src/part/mod.rs", ""],
    [
      "a manifest that changes",
      "Cargo.toml",
      '[package]\nname = "trap"\nversion = "0.2.0"\nedition = "2021"\n',
    ],
  ];
  it.each(changes)("leave no verdict: %s", async (_, path, text) => {
    world = new TrapWorld();
    const gate = new Gate(world);
    gate.close("shadow");
    const skeleton = world.lay(files(gate, site, unit("u8")))!;
    const asked = world.verify(skeleton, [narrow]);
    await gate.reached("shadow");
    write(join(world.root, path), text);
    gate.open("shadow");
    const result = await asked;
    expect(verdictsOf(result)).toBe("stale");
    expect(explain(result)).toContain("changed while they were checked");
  });

  it("are judged as they are now by the next check", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    gate.close("shadow");
    const skeleton = world.lay(files(gate, site, unit("u8")))!;
    const asked = world.verify(skeleton, [narrow]);
    await gate.reached("shadow");
    write(join(world.root, "src/part.rs"), "pub type Unit = u16;\n");
    gate.open("shadow");
    expect(verdictsOf(await asked)).toBe("stale");
    expect(verdictsOf(await world.verify(skeleton, [narrow]))).toEqual(["rejected h1 E0308"]);
  });

  it("do not matter where they are no sources, nor where an open document stands over them", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    gate.close("shadow");
    const skeleton = world.lay(files(gate, site, unit("u8")))!;
    const other = join(world.root, "src/part.rs");
    const unsaved = { uri: `file://${other}`, path: other, version: 1, text: "pub type Unit = u8;\n" };
    const asked = world.verify(skeleton, [narrow], { documents: [skeleton.site.document, unsaved] });
    await gate.reached("shadow");
    write(other, "pub type Unit = u16;\n");
    write(join(world.root, "server.log"), "busy\n");
    gate.open("shadow");
    expect(verdictsOf(await asked)).toEqual(["accepted"]);
  });
});

describe("documents that change during a check", () => {
  const started = (at: TrapWorld, skeleton: Skeleton) => {
    const jobs = new Jobs({
      now: () => performance.now(),
      run: async (asked, { signal }): Promise<Outcome> => {
        const { documents } = asked;
        const base = { kind: "none", stage: "verify", site: "" } as const;
        try {
          const result = await at.verify(skeleton, [right], { documents, signal });
          return { ...base, reason: "not-handled", message: JSON.stringify(verdictsOf(result)) };
        } catch (error) {
          return { ...base, reason: "stale", message: String(error) };
        }
      },
    });
    const { document } = skeleton.site;
    const asked: Asked = { sites: [skeleton.site], document, documents: [document] };
    const outcome = jobs.join(asked, { signal: new Abort().signal, keepsRunning: false, report: () => {} });
    return { jobs, outcome, document };
  };
  const changed = (document: DocumentSnapshot): DocumentSnapshot => ({
    ...document,
    version: 2,
    text: document.text.replace("-> u8", "-> String"),
  });

  it("end it with all its processes, and the verdict that it would have come to is dropped", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    gate.close("shadow");
    const { jobs, outcome, document } = started(world, world.lay(files(gate, kinds + count))!);
    await gate.reached("shadow");
    jobs.documentChanged(document.uri, changed(document));
    expect(await outcome).toMatchObject({ reason: "stale", message: "AbortedError: aborted: stale" });
    expect(world.processes()).toEqual([]);
  });

  it("end it where it is another document, and where the settings change", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    for (const change of ["document", "settings"] as const) {
      gate.close("shadow");
      const { jobs, outcome, document } = started(world, world.lay(files(gate, kinds + count))!);
      await gate.reached("shadow");
      if (change === "settings") jobs.settingsChanged();
      else jobs.documentChanged("file:///other.rs", changed(document));
      expect(await outcome).toMatchObject({ reason: "stale" });
    }
  });

  it("do not end it where they are what they were", async () => {
    world = new TrapWorld();
    const gate = new Gate(world);
    gate.close("shadow");
    const { jobs, outcome, document } = started(world, world.lay(files(gate, kinds + count))!);
    await gate.reached("shadow");
    jobs.documentChanged(document.uri, { ...document, version: 2 });
    gate.open("shadow");
    expect(await outcome).toMatchObject({ message: '["accepted"]' });
  });
});
