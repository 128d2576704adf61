/**
 * Whether nothing of this file may stand in a prompt: files that hold keys by their name, and those the user
 * excluded.
 * @param exclude Path fragments, compared with `/` between the parts.
 */
export function isSecretFile(path: string, exclude: readonly string[]): boolean {
  const normal = path.replaceAll("\\", "/");
  const parts = normal.split("/");
  const name = parts.at(-1) ?? "";
  return (
    secretNames.test(name) ||
    parts.some((part) => secretDirectories.has(part)) ||
    exclude.some((fragment) => fragment !== "" && normal.includes(fragment.replaceAll("\\", "/")))
  );
}

const secretNames =
  /^(?:\.env(?:\..*)?|.*\.env|.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|gpg)|id_(?:rsa|dsa|ecdsa|ed25519)(?:\..*)?|\.netrc|\.npmrc|\.pgpass|\.git-credentials|\.htpasswd|credentials(?:\.(?:toml|json|ya?ml))?|secrets?\.(?:toml|json|ya?ml))$/i;

const secretDirectories: ReadonlySet<string> = new Set([".ssh", ".gnupg", ".aws", ".kube"]);
