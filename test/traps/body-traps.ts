/** Many bodies for one place: each judged alone, all of them checked by plain cargo in one go as the control. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { join } from "node:path";
import { applyDraft, documentWith } from "../../server/syntax/splice.ts";
import { draftOf, skeletonOf } from "../slow/verify-world.ts";
import { explain, TrapWorld, verdictsOf } from "./trap.ts";

export interface BodyTrap {
  /** Why it is a trap, where the body does not say it. */
  readonly title?: string;
  readonly body: string;
  readonly verdict: string;
  /** Source of the place, with one hole; otherwise that of the family. */
  readonly place?: string;
  /** What plain cargo says of it; green where nothing is said. */
  readonly plain?: "red";
}

/** `place` is a whole file with one hole, `files` what it needs beside it. The plain control has each body as a module of one crate. */
export function springBodyTraps(place: string, traps: readonly BodyTrap[], files = ""): void {
  let world: TrapWorld;
  let redModules: ReadonlySet<string>;
  beforeAll(async () => {
    world = new TrapWorld();
    redModules = await checkPlainly(world, place, traps, files);
  });
  afterAll(() => world.close());

  const titled = traps.map((trap, index) => ({ ...trap, index, title: trap.title ?? trap.body }));
  it.each(titled)("$title", async (trap) => {
    const skeleton = world.lay(`//- /src/lib.rs\nmod m0;\n${files}//- /src/m0.rs\n${trap.place ?? place}`);
    if (skeleton === undefined) throw new Error("no file holds a site");
    const result = await world.verify(skeleton, [{ h1: trap.body }]);
    expect(verdictsOf(result), explain(result)).toEqual([trap.verdict]);
    expect(redModules.has(`m${trap.index}`) ? "red" : "green", "plain cargo").toBe(trap.plain ?? "green");
  });
}

/** Modules in which plain cargo finds an error. */
async function checkPlainly(
  world: TrapWorld,
  place: string,
  traps: readonly BodyTrap[],
  files: string,
): Promise<ReadonlySet<string>> {
  const modules = traps.map((trap, index) => {
    const skeleton = skeletonOf(join(world.root, "src/x.rs"), trap.place ?? place);
    const filled = applyDraft(skeleton, draftOf({ h1: trap.body }, 0)).text;
    return `//- /src/m${index}.rs\n${documentWith(skeleton, filled)}\n`;
  });
  const names = traps.map((_, index) => `mod m${index};`).join("\n");
  world.lay(`//- /src/lib.rs\n${names}\n${modules.join("")}${files}`);
  const { stderr, colour } = await world.cargo(world.root, []);
  const red = new Set(
    [...stderr.matchAll(/^error(?:\[\w+\])?: .*\n\s*--> src\/(m\d+)\.rs/gm)].map(([, name]) => name ?? ""),
  );
  // A syntax error would silence all others, and nothing of this would be a control.
  expect(stderr).not.toMatch(/^error: (?!could not compile|aborting)/m);
  expect(colour, stderr).toBe(red.size === 0 ? "green" : "red");
  return red;
}
