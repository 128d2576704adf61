/** What is known of the configuration: undefined is not known. */
export type KnownCfg = (name: string, value: string | undefined) => boolean | undefined;

/**
 * Whether code under these attributes (`cfg(…)`, or any other) is compiled: false where one of them says no for
 * certain, true where all say yes, undefined where that is not known.
 */
export function isConfiguredIn(attribute: string, known: KnownCfg): boolean | undefined {
  const [, name, inside] = /^(cfg|cfg_attr)\s*\(([\s\S]*)\)$/.exec(attribute.trim()) ?? [];
  if (inside === undefined) return true;
  const [first = "", ...rest] = splitList(inside);
  if (name === "cfg") return evaluate(first, known);
  // `cfg_attr` counts for the attributes that it adds.
  const added = rest.map((text) => isConfiguredIn(text, known));
  if (added.every((one) => one === true)) return true;
  const applies = evaluate(first, known);
  if (applies === false) return true;
  return applies === true ? every(added) : undefined;
}

/** Features named in the predicate, whatever it asks of them. */
export function featuresNamed(attribute: string): readonly string[] {
  return [...attribute.matchAll(/\bfeature\s*=\s*"([^"]*)"/g)].map((match) => match[1] ?? "");
}

function evaluate(predicate: string, known: KnownCfg): boolean | undefined {
  const text = predicate.trim();
  const [, operator, inside] = /^(all|any|not)\s*\(([\s\S]*)\)$/.exec(text) ?? [];
  if (operator !== undefined && inside !== undefined) {
    const parts = splitList(inside).map((part) => evaluate(part, known));
    if (operator === "all") return every(parts);
    if (operator === "any") return not(every(parts.map(not)));
    return not(parts[0]);
  }
  if (text === "true" || text === "false") return text === "true";
  const [, name = "", value] = /^([\w:]+)\s*(?:=\s*"([^"]*)")?$/.exec(text) ?? [];
  return name === "" ? undefined : known(name, value);
}

function every(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** Parts of a list, apart by commas that stand in no parentheses and no text. */
function splitList(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:\\.|[^"\\])*"|[(),]/g)) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (token !== "," || depth > 0) continue;
    parts.push(text.slice(start, index));
    start = index + 1;
  }
  return [...parts, text.slice(start)].filter((part) => part.trim() !== "");
}
