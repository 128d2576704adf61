/**
 * `JSON.parse`, and where that fails once more with the two slips of small models mended: line breaks written
 * as they are inside strings, and a comma before a closing brace. `undefined` where it is no JSON even so.
 */
export function parseTolerantly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(mend(text));
    } catch {
      return undefined;
    }
  }
}

function mend(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"|,(?=\s*[}\]])/g, (found) => {
    if (found === ",") return "";
    return found.replace(/[\n\r\t]/g, (character) => JSON.stringify(character).slice(1, -1));
  });
}
