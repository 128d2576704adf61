import { describe, expect, test } from "vitest";
import { parseSettings, settingsSchema } from "../../protocol/settings.ts";

describe("settings", () => {
  test("have a default and a reason for every key", () => {
    const defaults = settingsSchema.parse({});
    expect(defaults.model.name).toBe("");
    expect(defaults.verify.drafts).toBe(16);
    for (const [section, schema] of Object.entries(settingsSchema.shape)) {
      const keys = "unwrap" in schema && "shape" in schema.unwrap() ? schema.unwrap() : undefined;
      if (keys === undefined || !("shape" in keys)) {
        expect(schema.description, section).toBeTruthy();
        continue;
      }
      for (const [key, inner] of Object.entries(keys.shape)) {
        expect(inner.description, `${section}.${key}`).toBeTruthy();
      }
    }
  });

  test.each([undefined, null, {}, { model: null }, { model: { name: null } }])(
    "that are not set (%j) are the defaults, without a warning",
    (value) => {
      expect(parseSettings(value)).toEqual({ settings: settingsSchema.parse({}), warnings: [] });
    },
  );

  test("that are right are taken", () => {
    const { settings, warnings } = parseSettings({
      enable: false,
      model: { name: "qwen", candidates: 2, exclude: ["vault/"] },
    });
    expect(warnings).toEqual([]);
    expect(settings.enable).toBe(false);
    expect(settings.model).toMatchObject({ name: "qwen", candidates: 2, exclude: ["vault/"] });
  });

  test("of the wrong type cost one warning each, and the others hold", () => {
    const { settings, warnings } = parseSettings({
      enable: "yes",
      model: {
        name: 7,
        candidates: 99,
        timeoutMilliseconds: 1.5,
        exclude: "vault",
        baseUrl: "http://here/v1",
      },
      analogy: { threshold: "high" },
      verify: ["quickly"],
    });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "armature.enable: a string was given, a boolean is expected; true is used",
        "armature.model.name: a number was given, a string is expected; "" is used",
        "armature.model.candidates: a number was given, a whole number from 1 to 16 is expected; 4 is used",
        "armature.model.timeoutMilliseconds: a fractional number was given, a whole number of at least 100 is expected; 30000 is used",
        "armature.model.exclude: a string was given, an array of strings is expected; [] is used",
        "armature.analogy.threshold: a string was given, a number from 0 to 1 is expected; 0.4 is used",
        "armature.verify: an array was given, an object is expected; the defaults are used",
      ]
    `);
    const defaults = settingsSchema.parse({});
    expect(settings).toEqual({ ...defaults, model: { ...defaults.model, baseUrl: "http://here/v1" } });
  });

  test("that nobody knows are named, with those that exist", () => {
    const { settings, warnings } = parseSettings({
      modle: {},
      codeAction: { enabled: true },
      constructor: 1,
    });
    expect(warnings).toMatchInlineSnapshot(`
      [
        "armature.modle: unknown (an object was given) and ignored; expected is one of enable, rustAnalyzer, model, analogy, verify, completion, codeAction",
        "armature.codeAction.enabled: unknown (a boolean was given) and ignored; expected is one of enable",
        "armature.constructor: unknown (a number was given) and ignored; expected is one of enable, rustAnalyzer, model, analogy, verify, completion, codeAction",
      ]
    `);
    expect(settings).toEqual(settingsSchema.parse({}));
  });

  test("never repeat a value in a warning, which may be a key in the wrong field", () => {
    const { warnings } = parseSettings({
      apiKey: "sk-secret",
      model: { name: ["sk-secret"], apiKey: "sk-secret" },
    });
    expect(warnings).toHaveLength(3);
    expect(warnings.join("\n")).not.toContain("sk-secret");
  });

  test.each(["text", 3, true, []])("that are no object at all (%j) cost one warning", (value) => {
    const { settings, warnings } = parseSettings(value);
    expect(warnings).toHaveLength(1);
    expect(settings).toEqual(settingsSchema.parse({}));
  });
});
