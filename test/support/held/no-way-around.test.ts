/** What the suites with real tools may not do, so that no offer gets past the set-up that holds it against plain cargo. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import config, { withRealTools } from "../../../vitest.config.ts";

const root = resolve(import.meta.dirname, "../../..");
const held = "test/support/held/";

/** Whoever offers, by what it is called in an import; and the files that may import it. */
const doors: readonly { readonly what: RegExp; readonly keepers: readonly string[] }[] = [
  {
    // The built product: started by an editor that is watched or as a command whose output is read.
    what: /\bbuiltArmature\b|dist\/cli/,
    keepers: [
      "test/support/tools.ts",
      "test/support/editor.ts",
      `${held}run-armature.ts`,
      // Put on the PATH of a real editor; what that has saved is recorded by the one test of every story.
      "test/editors/desk.ts",
      // Tells the doctor where its own program stands; nothing is started.
      "test/slow/doctor.test.ts",
    ],
  },
  // A verifier without the product around it.
  { what: /\bcreateVerifier\b/, keepers: [`${held}watched-verifier.ts`] },
  // The product in this process.
  {
    what: /(?:from |import\()"[^"]*server\/(?:(?:session|pipeline|cli)\.ts|(?:commands|views|offer)\/)/,
    keepers: [],
  },
  // What has been recorded is taken by the set-up alone, and set aside only for somebody who holds it.
  {
    what: /\b(?:takeRecorded|holdSetAside|switchOn)\b/,
    keepers: [`${held}recorder.ts`, `${held}hold-every-offer.ts`],
  },
  {
    what: /\bsetOffersAside\b/,
    keepers: [
      `${held}recorder.ts`,
      "test/support/reported-world.ts",
      "test/support/real-held.ts",
      "test/support/author-line.ts",
    ],
  },
];

function sources(): { path: string; text: string }[] {
  return ["slow", "traps", "reported", "real", "editors", "support"]
    .flatMap((folder) =>
      readdirSync(join(root, "test", folder), { recursive: true, encoding: "utf8" }).map(
        (file) => `test/${folder}/${file}`,
      ),
    )
    .filter((path) => /\.m?ts$/.test(path) && path !== `${held}no-way-around.test.ts`)
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

/** Types are no way to an offer. */
function waysAround({ path, text }: { path: string; text: string }): string[] {
  const code = text.replace(/^import type [^;]*;/gm, "").replace(/^\s*(?:\*|\/\/|\/\*\*).*$/gm, "");
  return doors
    .filter(({ what, keepers }) => what.test(code) && !keepers.includes(path))
    .map(({ what }) => `${path}: ${what.source}`);
}

describe("the suites with real tools", () => {
  test("have no way to an offer but those that are watched", () => {
    const all = sources();
    expect(all.length).toBeGreaterThan(80);
    expect(all.flatMap(waysAround)).toEqual([]);
  });

  test("have the set-up, each of them", () => {
    const projects = (config as { test: { projects: { test: Record<string, unknown> }[] } }).test.projects;
    const names = projects.map(({ test: { name } }) => name);
    expect(names).toEqual(["fast", "slow", "traps", "reported", "real", "editors"]);
    for (const { test: project } of projects.filter(({ test: { name } }) => name !== "fast"))
      expect(project).toMatchObject({
        setupFiles: withRealTools.setupFiles,
        globalSetup: expect.arrayContaining(withRealTools.globalSetup) as unknown,
      });
  });
});

describe("a planted way around is found", () => {
  test.each([
    `import { builtArmature } from "../support/tools.ts";`,
    `const cli = resolve("dist/cli.js");`,
    `import { createVerifier } from "../../server/verify/verifier.ts";`,
    `import { fill } from "../../server/commands/fill-command.ts";`,
    `import { runPipeline } from "../../server/pipeline.ts";`,
    `import { takeRecorded } from "../support/held/recorder.ts";`,
    `import { setOffersAside } from "../support/held/recorder.ts";`,
  ])("%s", (text) => {
    expect(waysAround({ path: "test/slow/new.test.ts", text })).toHaveLength(1);
  });

  test("a type is none", () => {
    const text = `import type { Pipeline } from "../../server/pipeline.ts";`;
    expect(waysAround({ path: "test/slow/new.test.ts", text })).toEqual([]);
  });
});
