import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commands, manifest } from "../../../clients/vscode/build/manifest.ts";
import { vsixManifest } from "../../../clients/vscode/build/vsix.ts";
import { fillCommand, whyCommand } from "../../../protocol/methods.ts";
import { parseSettings } from "../../../protocol/settings.ts";

const { contributes, ...description } = manifest();
const properties = Object.entries(contributes.configuration.properties);

/** `model.name` -> its default, in every depth. */
function flat(value: object, path: readonly string[] = []): [string, unknown][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? flat(inner, [...path, key])
      : [[[...path, key].join("."), inner] satisfies [string, unknown]],
  );
}

describe("the settings page", () => {
  test("has every setting of the server with its default, and no other", () => {
    const ofServer = flat(parseSettings({}).settings).map(([key, value]) => [
      `rust-analyzer.armature.${key}`,
      value,
    ]);
    expect(ofServer.length).toBeGreaterThan(15);
    expect(properties.map(([key, property]) => [key, property.default])).toEqual(ofServer);
  });

  test("gives the server nothing that it warns of, at the defaults and at each bound", () => {
    for (const [key, property] of properties)
      for (const value of [property.default, property.minimum, property.maximum]) {
        if (value === undefined) continue;
        const path = key.split(".").slice(2);
        const sent = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
        expect(parseSettings(sent).warnings, key).toEqual([]);
      }
  });

  test("says of each what it is for", () => {
    for (const [key, property] of properties) expect(property.markdownDescription, key).not.toBe("");
  });

  test("lets no repository choose where code is sent, what is run or what may be spent", () => {
    const ofTheMachine = properties
      .filter(([, property]) => property.scope === "machine")
      .map(([key]) => key);
    for (const key of [
      "model.name",
      "model.baseUrl",
      "model.apiKeyEnv",
      "rustAnalyzer.path",
      "verify.allowUnsafe",
    ])
      expect(ofTheMachine).toContain(`rust-analyzer.armature.${key}`);
    expect(ofTheMachine).not.toContain("rust-analyzer.armature.enable");
  });
});

describe("the manifest", () => {
  test("puts the launcher where rust-analyzer's extension looks, by a default that a user's setting beats", () => {
    expect(contributes.configurationDefaults).toEqual({
      "rust-analyzer.server.path": "~/.armature/bin/armature",
    });
  });

  test("runs where the workspace is and only where it is trusted", () => {
    expect(description.extensionKind).toEqual(["workspace"]);
    expect(description.capabilities.untrustedWorkspaces.supported).toBe(false);
  });

  test("takes no id of the server's commands: clients register those, and a second one with it fails", () => {
    const ids = commands.map(({ command }): string => command);
    expect(ids).not.toContain(fillCommand);
    expect(ids).not.toContain(whyCommand);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("names walkthrough pages that exist and commands that are contributed", () => {
    const ids = commands.map(({ command }): string => command);
    for (const { steps } of contributes.walkthroughs)
      for (const { media, description: text } of steps) {
        const page = new URL(`../../../clients/vscode/${media.markdown}`, import.meta.url);
        expect(readFileSync(page, "utf8")).not.toBe("");
        for (const [, command = ""] of text.matchAll(/command:(armature\.\w+)/g))
          expect(ids).toContain(command);
      }
  });

  test("is carried over into the package's own", () => {
    const text = vsixManifest({ ...description, displayName: `a "<&>" name` }, "linux-x64");
    expect(text).toContain(
      `Version="${description.version}" Publisher="armature" TargetPlatform="linux-x64"`,
    );
    expect(text).toContain("<DisplayName>a &#34;&#60;&#38;&#62;&#34; name</DisplayName>");
  });
});
