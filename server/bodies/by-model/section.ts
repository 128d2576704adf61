import { redactSecrets } from "./redact.ts";

/** A named piece of the workspace for a prompt, secrets taken out. Made by {@link quote} only. */
export interface Section {
  readonly name: string;
  readonly text: string;
}

/** Redaction looks at this much; nothing beyond it is quoted. */
const readCharacters = 40_000;

/** Redacts first and cuts then: half a secret is in no form that redaction knows. */
export function quote(name: string, text: string, characters: number): Section {
  const safe = redactSecrets(text.slice(0, readCharacters));
  const cut = safe.length > characters ? `${safe.slice(0, characters)}\n// … cut …` : safe;
  return { name: redactSecrets(name).replace(/["<>\n]/g, ""), text: cut };
}
