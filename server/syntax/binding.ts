/** How a name binds in a pattern; "&" and "&mut " look through a reference. */
export type BindingMode = "" | "ref " | "ref mut " | "mut " | "&" | "&mut ";

/** A name in a pattern with how it binds. */
export interface Binding {
  readonly mode: BindingMode;
  readonly name: string;
}

const modes: readonly (readonly [RegExp, BindingMode])[] = [
  [/^ref\s+mut\s+/, "ref mut "],
  [/^ref\s+/, "ref "],
  [/^mut\s+/, "mut "],
  [/^&\s*mut\s+/, "&mut "],
  [/^&\s*/, "&"],
];

/** `name`, `ref name`, `&name`, each also behind `field: `; undefined for anything deeper. */
export function readBinding(text: string): Binding | undefined {
  const pattern = text.trim().replace(/^(?:r#)?\w+\s*:(?!:)\s*/, "");
  const [said, mode] = modes.find(([form]) => form.test(pattern)) ?? [/^/, ""];
  const name = pattern.replace(said, "");
  return /^(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*$/u.test(name) ? { mode, name } : undefined;
}

/** The pattern of a record's field: the short form where the name is the field's own and no reference is looked through. */
export function fieldPattern(field: string, { mode, name }: Binding): string {
  return name === field && !mode.startsWith("&") ? mode + name : `${field}: ${mode}${name}`;
}
