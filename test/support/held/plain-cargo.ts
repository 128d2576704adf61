/** What plain cargo says of a directory: nothing of the product takes part in it. */
import { spawn } from "node:child_process";
import { z } from "zod";

interface RustcSpan {
  readonly file_name: string;
  readonly byte_start: number;
  readonly byte_end: number;
  readonly is_primary: boolean;
  readonly expansion?: { readonly span: RustcSpan } | null | undefined;
}

const span: z.ZodType<RustcSpan> = z.object({
  file_name: z.string(),
  byte_start: z.number(),
  byte_end: z.number(),
  is_primary: z.boolean(),
  get expansion() {
    return z.object({ span }).nullish();
  },
});

/** https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages */
const compilerMessage = z.object({
  /** path+file:///the/folder#name@version */
  package_id: z.string(),
  target: z.object({ kind: z.array(z.string()), name: z.string() }),
  message: z.object({
    level: z.string(),
    message: z.string(),
    code: z.object({ code: z.string() }).nullable(),
    rendered: z.string().nullable(),
    spans: z.array(span),
  }),
});

/** Offsets in bytes. */
export interface Place {
  /** As rustc names it: relative to the workspace's root, or absolute. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** One error or warning of one compilation. */
export interface Said {
  readonly level: "error" | "warning";
  /** Of the package. */
  readonly directory: string;
  /** The same wherever its line is: level, code, text, file and target. */
  readonly key: string;
  readonly rendered: string;
  /** Every span, primary and secondary, and where the macros stand that they came from. */
  readonly places: readonly Place[];
  /** cargo failed before it compiled anything. */
  readonly isCargosOwn: boolean;
}

export interface CargoOptions {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** "check", or "clippy" where the user has that. */
  readonly command?: string;
  readonly flags: readonly string[];
  /** By a flag, since a variable would reach build scripts too, and a cargo that they run would wait for its parent. */
  readonly target?: string;
}

/** Milliseconds: what hangs must not hold the lock of the target directory for the tests that follow. */
const bound = 420_000;

/** Errors and warnings of all packages that the flags choose. */
export async function plainCheck({
  directory,
  environment,
  command = "check",
  flags,
  target,
}: CargoOptions): Promise<readonly Said[]> {
  const place = target === undefined ? [] : ["--target-dir", target];
  const all = [command, ...place, "--offline", "--keep-going", "--message-format", "json", ...flags];
  const run = await runCargo(all, directory, { ...environment, CARGO_TERM_COLOR: "never" });
  const said = run.stdout
    .split("\n")
    .filter((line) => line.startsWith('{"reason":"compiler-message"'))
    .flatMap(readMessage);
  const isCargosOwn = run.exit !== 0 && !said.some(({ level }) => level === "error");
  if (!isCargosOwn) return said;
  const key = run.stderr.trim();
  return [...said, { level: "error", directory, key, rendered: key, places: [], isCargosOwn }];
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

function readMessage(line: string): Said[] {
  const { message, target, package_id } = compilerMessage.parse(JSON.parse(line));
  const { level } = message;
  if (level !== "error" && level !== "warning") return [];
  if (/^(?:aborting due to|\d+ warnings? emitted)/.test(message.message)) return [];
  const file = message.spans.find(({ is_primary }) => is_primary)?.file_name ?? "";
  const code = message.code?.code;
  const key = `${level} ${code ?? ""} ${message.message} ${file} (${target.kind[0]} ${target.name})`;
  const places = message.spans.flatMap(placesOf);
  const directory = /file:\/\/([^#?]*)/.exec(package_id)?.[1] ?? "";
  return [
    { level, directory, key, rendered: message.rendered ?? message.message, places, isCargosOwn: false },
  ];
}

function placesOf(at: RustcSpan): Place[] {
  const { file_name: file, byte_start: start, byte_end: end, expansion } = at;
  return [{ file, start, end }, ...(expansion == null ? [] : placesOf(expansion.span))];
}

interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runCargo(
  options: readonly string[],
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn("cargo", [...options], {
      cwd: directory,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, which ends as a whole.
      detached: true,
    });
    const hanging = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      reject(new Error(`cargo ${options.join(" ")} has not ended within ${bound / 1_000} s in ${directory}`));
    }, bound);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", (error) => {
      clearTimeout(hanging);
      reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(hanging);
      resolve({ exit: code ?? -1, stdout, stderr });
    });
  });
}
