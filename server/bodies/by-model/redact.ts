export const redacted = "<redacted>";

/**
 * `text` with everything that looks like a secret replaced by `<redacted>`: private key blocks, keys of known
 * make, passwords in URLs, passwords and keys assigned to a name that says so, and random-looking tokens.
 * Errs on the side of taking out too much.
 */
export function redactSecrets(text: string): string {
  let result = text.replace(privateKeyBlock, redacted);
  for (const pattern of keysOfKnownMake) result = result.replace(pattern, redacted);
  return result
    .replace(passwordInUrl, `$1${redacted}@`)
    .replace(assignedSecret, hideAssigned)
    .replace(stringOrComment, (quoted) => quoted.replace(/[A-Za-z0-9+/_=-]{20,}/g, hideRandom))
    .replace(/[A-Za-z0-9+/_=-]{32,}/g, hideRandom);
}

/** `text` with every occurrence of these secrets replaced as well. */
export function redactKnown(text: string, secrets: readonly (string | undefined)[]): string {
  const known = secrets.filter((secret) => secret !== undefined && secret.length >= 4);
  const result = known.reduce<string>((rest, secret) => rest.replaceAll(secret ?? "", redacted), text);
  return redactSecrets(result);
}

/** Up to its end, or to the end of the string literal where the end was cut off. */
const privateKeyBlock =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----(?:[\s\S]*?-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----|[^"]*)/g;

const keysOfKnownMake: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\b(?:gh[pousr]_|github_pat_|glpat-|hf_|npm_|cio)[A-Za-z0-9_]{20,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bAIza[0-9A-Za-z_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?/g,
  /(?<=\bBearer\s+)[A-Za-z0-9._~+/=-]{12,}/gi,
];

const passwordInUrl = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+:[^\s/@"']+@/gi;

/** A name that says secret, then `=`, `:`, `=>`, `(` or `,`, perhaps a type between, then a string literal. */
const assignedSecret =
  /(\b\w*?(password|passwd|pwd|passphrase|secret|api_?key|private_?key|access_?key|credential|token|auth)\w*"?(?:\s*:\s*[&'\w<>[\]; ]{1,40})?\s*(?:=>|==|=|:|,|\()\s*(?:[A-Za-z_:]+\()?&?b?r?#*)"((?:[^"\\\n]|\\.)*)"/gi;

const stringOrComment = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*/g;

function hideAssigned(whole: string, lead: string, word: string, value: string): string {
  // `Field::Password => "password"` and `secret = "{}"` are names and formats.
  const isName = /^[A-Za-z_.\s-]*$/.test(value) && lettersOf(value).includes(lettersOf(word));
  if (value === "" || value === redacted || isName || /^[^A-Za-z0-9]*\{[^}]*\}[^A-Za-z0-9]*$/.test(value))
    return whole;
  // "token" and "auth" are everyday words in parsers: only what could be a key counts there.
  const isWeakWord = /^(token|auth)$/i.test(word);
  if (isWeakWord && !/^(?=\S*\d)\S{8,}$/.test(value)) return whole;
  return `${lead}"${redacted}"`;
}

function lettersOf(text: string): string {
  return text.replace(/[^A-Za-z]/g, "").toLowerCase();
}

function hideRandom(token: string): string {
  return looksRandom(token) ? redacted : token;
}

/** Words and numbers are long runs of one kind of character; keys change the kind every second or third. */
function looksRandom(token: string): boolean {
  const pieces = token.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g) ?? [];
  const letters = pieces.filter((piece) => /[a-z]/i.test(piece)).length;
  const characters = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return letters > 0 && new Set(token).size >= 8 && characters / pieces.length < 3;
}
