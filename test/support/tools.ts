import { resolve } from "node:path";
import { usableToolchain } from "./toolchain.mjs";

export interface Tools {
  /** The real rust-analyzer, absolute. */
  readonly analyzer: string;
  readonly analyzerVersion: string;
  /** Folder of the standard library's sources. */
  readonly library: string;
  /** With rust-analyzer, cargo and rustc of one toolchain in front of PATH. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The built product: what an editor starts. */
export const builtArmature = resolve(import.meta.dirname, "../../dist/cli.js");

let found: Tools | undefined;

/** The real tools. Throws with the remedy where they are missing: a slow test never passes by being skipped. */
export function findTools(): Tools {
  found ??= find();
  return found;
}

function find(): Tools {
  const toolchain = usableToolchain(process.env);
  if (toolchain.problem !== undefined)
    throw new Error(`${toolchain.problem}; \`npm test\` and \`npm run test:slow\` install what is missing`);
  const { analyzer, version, library, path } = toolchain;
  return { analyzer, analyzerVersion: version, library, environment: { ...process.env, PATH: path } };
}
