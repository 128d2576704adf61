import { z } from "zod";

/** How rust-analyzer formats for this user, so that offers look as the editor's own formatting makes them. */
export interface FormatSettings {
  /** Arguments of rustfmt. */
  readonly extraArguments: readonly string[];
  /** Takes rustfmt's place: reads a text on standard input and writes it formatted. Empty means rustfmt. */
  readonly overrideCommand: readonly string[];
}

const strings = z.array(z.string()).catch([]).default([]);
const none = { extraArgs: [], overrideCommand: [] };
const sectionSchema = z.object({
  rustfmt: z.object({ extraArgs: strings, overrideCommand: strings }).catch(none).default(none),
});

/** Reads rust-analyzer's own section. Wrong types count as not set, as they do for rust-analyzer. */
export function formatSettingsFrom(section: unknown): FormatSettings {
  const { rustfmt } = sectionSchema.catch({ rustfmt: none }).parse(section);
  return { extraArguments: rustfmt.extraArgs, overrideCommand: rustfmt.overrideCommand };
}
