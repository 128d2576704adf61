/** Two editors on one workspace, with the same cache and texts of their own: each hears of its own only. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Abort } from "../../server/base/abort.ts";
import { silentLog } from "../../server/base/log.ts";
import type { DocumentSnapshot, Skeleton } from "../../server/stages.ts";
import { checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { createWatchedVerifier, type Verifier } from "../support/held/watched-verifier.ts";
import { document, draftOf, treeState } from "../slow/verify-world.ts";
import { file, count, kinds } from "./site.ts";
import { TrapWorld, verdictsOf } from "./trap.ts";

let world: TrapWorld;
let editors: readonly [Verifier, Verifier];
beforeEach(() => {
  world = new TrapWorld();
  const second = createWatchedVerifier({
    ...{ cacheDirectory: join(world.base, "cache"), log: silentLog, diskLimitMegabytes: 10_000 },
    environment: world.environment,
  });
  editors = [world.verifier, second];
});
afterEach(async () => {
  await editors[1].dispose();
  await world.close();
});

const one = "pub fn one() -> u8 { 1 }\n";
const other = "pub fn one() -> u16 { 1 }\n";
const drafts = [{ h1: "other::one()", h2: "2" }].map(draftOf);
const ask = async (editor: Verifier, skeleton: Skeleton, documents: readonly DocumentSnapshot[]) =>
  verdictsOf(
    await editor.verify({
      ...{ skeleton, drafts, documents, settings: checkSettingsFrom({}), report: () => {} },
      signal: new Abort().signal,
    }),
  );

it("have verdicts of their own at the same time, again and again, and none writes to the user's tree", async () => {
  const skeleton = world.lay(file("src/lib.rs", `mod other;\n${kinds}${count}`) + file("src/other.rs", one))!;
  const path = join(world.root, "src/other.rs");
  const texts = (text: string) => [skeleton.site.document, document(path, text)];
  const before = treeState(world.root);
  for (let round = 0; round < 3; round += 1) {
    const verdicts = await Promise.all([
      ask(editors[0], skeleton, texts(round === 1 ? other : one)),
      ask(editors[1], skeleton, texts(round === 1 ? one : other)),
    ]);
    const wanted = [["accepted"], ["rejected h1 E0308"]];
    expect(verdicts).toEqual(round === 1 ? wanted.reverse() : wanted);
  }
  expect(treeState(world.root)).toEqual(before);
});

it("is what plain cargo says of each text alone", async () => {
  const files = (text: string) =>
    file("src/lib.rs", `mod other;\n${kinds}${count}`) + file("src/other.rs", text);
  const said = [];
  for (const text of [one, other]) {
    const skeleton = world.lay(files(text))!;
    said.push((await world.plain(skeleton, { h1: "other::one()", h2: "2" })).colour);
  }
  expect(said).toEqual(["green", "red"]);
});

it("leave the other's shadow alone when one of them ends", async () => {
  const skeleton = world.lay(file("src/lib.rs", `mod other;\n${kinds}${count}`) + file("src/other.rs", one))!;
  const documents = [skeleton.site.document];
  await Promise.all(editors.map((editor) => ask(editor, skeleton, documents)));
  const shadows = () => readdirSync(join(world.base, "cache"), { recursive: true, encoding: "utf8" });
  const had = shadows().filter((name) => name.endsWith("src/other.rs")).length;
  expect(had).toBe(2);
  await editors[1].dispose();
  expect(await ask(editors[0], skeleton, documents)).toEqual(["accepted"]);
  expect(
    await ask(editors[0], skeleton, [...documents, document(join(world.root, "src/other.rs"), other)]),
  ).toEqual(["rejected h1 E0308"]);
});
