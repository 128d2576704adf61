/**
 * What plain cargo says of a package: nothing of the product takes part in it. Used to hold an offer against the
 * text that the user had.
 */
import { spawnSync } from "node:child_process";
import { z } from "zod";

/** https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages */
const compilerMessage = z.object({
  target: z.object({ kind: z.array(z.string()), name: z.string() }),
  message: z.object({
    level: z.string(),
    message: z.string(),
    code: z.object({ code: z.string() }).nullable(),
    rendered: z.string().nullable(),
    spans: z.array(z.object({ file_name: z.string(), is_primary: z.boolean() })),
  }),
});

/** One error or warning, the same wherever its line is. */
export interface Said {
  readonly level: "error" | "warning";
  readonly key: string;
  readonly rendered: string;
}

export interface CargoOptions {
  readonly directory: string;
  readonly package: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly flags?: readonly string[];
}

/** Errors and warnings of `cargo check` with these flags. */
export function plainCheck({
  directory,
  package: name,
  environment,
  flags = [],
}: CargoOptions): readonly Said[] {
  const options = ["check", "-p", name, "--offline", "--keep-going", "--message-format", "json", ...flags];
  const run = spawnSync("cargo", options, {
    cwd: directory,
    env: environment,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const said = run.stdout
    .split("\n")
    .filter((line) => line.startsWith('{"reason":"compiler-message"'))
    .flatMap((line): Said[] => {
      const { message, target } = compilerMessage.parse(JSON.parse(line));
      const { level } = message;
      if (level !== "error" && level !== "warning") return [];
      if (/^(?:aborting due to|\d+ warnings? emitted)/.test(message.message)) return [];
      const file = message.spans.find(({ is_primary }) => is_primary)?.file_name ?? "";
      const key = `${level} ${message.code?.code ?? ""} ${message.message} ${file} (${target.kind[0]} ${target.name})`;
      return [{ level, key, rendered: message.rendered ?? message.message }];
    });
  const isCargosOwn = run.status !== 0 && !said.some(({ level }) => level === "error");
  return isCargosOwn ? [...said, { level: "error", key: run.stderr.trim(), rendered: run.stderr }] : said;
}

/** Those that are said more often than before. */
export function addedTo(before: readonly Said[], now: readonly Said[]): readonly Said[] {
  const left = before.map(({ key }) => key);
  return now.filter(({ key }) => {
    const known = left.indexOf(key);
    if (known >= 0) left.splice(known, 1);
    return known < 0;
  });
}
