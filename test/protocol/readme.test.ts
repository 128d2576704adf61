import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseSettings, settingsSchema } from "../../protocol/settings.ts";

const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");

/** `model.name` -> what the schema says of it. */
function leaves(schema: z.ZodType, path: readonly string[] = []): [string, string][] {
  const inner = schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault ? undefined : schema;
  const unwrapped = inner ?? ((schema as z.ZodDefault).def.innerType as z.ZodType);
  if (unwrapped instanceof z.ZodObject) {
    return Object.entries(unwrapped.shape as Record<string, z.ZodType>).flatMap(([key, value]) =>
      leaves(value, [...path, key]),
    );
  }
  return [[path.join("."), schema.description ?? ""]];
}

function defaultOf(path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], parseSettings({}).settings);
}

export function settingsTable(): string {
  const rows = leaves(settingsSchema).map(
    ([path, why]) => `| \`${path}\` | \`${JSON.stringify(defaultOf(path))}\` | ${why} |`,
  );
  return ["| setting | default | why |", "|---|---|---|", ...rows].join("\n");
}

const blocks = {
  "neovim/armature.lua": "lua",
  "helix/languages.toml": "toml",
  "vscode/settings.json": "json",
  "emacs/armature.el": "elisp",
  "zed/settings.json": "json",
  "kate/settings.json": "json",
} as const;

describe("the README", () => {
  it.each(Object.entries(blocks))("shows clients/%s as it stands", async (file, language) => {
    const settings = await readFile(new URL(`../../clients/${file}`, import.meta.url), "utf8");
    expect(settings.trim()).not.toBe("");
    expect(readme).toContain(`\`\`\`${language}\n${settings}\`\`\``);
  });

  it("lists every setting with its default and the reason for it", () => {
    const listed = /<!-- settings -->\n([^]*?)\n?<!-- \/settings -->/.exec(readme)?.[1];
    expect(listed).toBe(settingsTable());
    expect(listed).toContain('| `model.name` | `""` |');
  });
});
