import { readFile, rename, stat, writeFile } from "node:fs/promises";

/**
 * Replaces a file's text as a whole (temporary file and rename), keeping its mode. Rejects where the file is no
 * longer what the offer was made for.
 */
export async function writeFileWhole(path: string, expected: string, text: string): Promise<void> {
  if ((await readFile(path, "utf8")) !== expected)
    throw new Error(`${path} changed meanwhile; nothing was written`);
  const { mode } = await stat(path);
  const temporary = `${path}.armature-${process.pid}`;
  await writeFile(temporary, text, { mode });
  await rename(temporary, path);
}
