/**
 * What plain cargo says of offers in a clean copy with a target directory of its own. It shares nothing with the
 * product: files, cargo's exit code and what cargo prints.
 */
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";

/** An offer as one file's whole text with it in place. */
export interface AppliedOffer {
  /** For people: where it is and what. */
  readonly what: string;
  /** Relative to the project's root. */
  readonly file: string;
  readonly published: string;
  readonly text: string;
  /** The same with every hole open: what the user had before, as far as it compiles. */
  readonly open: string;
}

export interface OracleFailure {
  readonly what: string;
  readonly file: string;
  /** Errors that the untouched copy does not have. */
  readonly errors: readonly string[];
  /** The lines of the published file that the offer changed, and what they became. */
  readonly change: string;
}

export interface OracleReport {
  readonly offers: number;
  /** Offers whose file is not the published one again: what is said of those is what the untouched copy says. */
  readonly different: number;
  readonly failures: readonly OracleFailure[];
  /** Warnings that neither the untouched copy nor the one with open places has, each with its file. */
  readonly warnings: readonly string[];
  /** Warnings that only the untouched copy has not. */
  readonly oldWarnings: number;
  /** How the untouched copy stands. */
  readonly untouched: string;
  readonly runs: number;
  readonly milliseconds: number;
}

export interface OracleOptions {
  /** The project as it was laid: never written. */
  readonly root: string;
  /** A directory of the oracle's own. */
  readonly work: string;
  readonly featureOptions: readonly string[];
  /** Packages of the project: what is cleaned between two runs so that each builds them anew. */
  readonly packages: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

export async function askOracle(
  offers: readonly AppliedOffer[],
  options: OracleOptions,
): Promise<OracleReport> {
  const started = performance.now();
  const oracle = new Oracle(options);
  const different = offers.filter(({ published, text }) => published !== text);
  const [first = [], ...later] = roundsOf(different);
  const judged = await oracle.judge(first);
  const untouched = first.length === 0 ? judged : await oracle.judge([]);
  const failures = [...(await oracle.failuresIn(first, untouched, judged))];
  for (const round of later) failures.push(...(await oracle.failuresIn(round, untouched)));
  return {
    offers: offers.length,
    different: different.length,
    failures,
    warnings: oracle.warnings,
    oldWarnings: oracle.oldWarnings,
    untouched: describe(untouched),
    runs: oracle.runs,
    milliseconds: performance.now() - started,
  };
}

/** https://doc.rust-lang.org/cargo/reference/external-tools.html#compiler-messages */
const compilerMessage = z.object({
  target: z.object({ kind: z.array(z.string()), name: z.string() }),
  message: z.object({
    level: z.string(),
    message: z.string(),
    code: z.object({ code: z.string() }).nullable(),
    spans: z.array(z.object({ file_name: z.string(), is_primary: z.boolean() })),
  }),
});

interface CargoRun {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Judgement {
  /** Exit codes of `cargo check` and `cargo build`. */
  readonly exits: readonly number[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

class Oracle {
  readonly #options: OracleOptions;
  readonly #tree: string;
  readonly #target: string;
  runs = 0;
  /** New ones of all runs in which nothing was worse. */
  readonly warnings: string[] = [];
  oldWarnings = 0;

  constructor(options: OracleOptions) {
    this.#options = options;
    this.#tree = join(options.work, "tree");
    this.#target = join(options.work, "target");
  }

  /** All of them at once; where that is worse than the untouched copy, halves of them, down to the single ones. */
  async failuresIn(
    offers: readonly AppliedOffer[],
    untouched: Judgement,
    known?: Judgement,
  ): Promise<readonly OracleFailure[]> {
    const judged = known ?? (await this.judge(offers));
    const errors = worse(judged, untouched);
    if (errors.length === 0) {
      await this.#compareWarnings(offers, untouched, judged);
      return [];
    }
    const [only] = offers;
    if (offers.length === 1 && only !== undefined) {
      return [{ what: only.what, file: only.file, errors, change: changeOf(only) }];
    }
    const half = Math.ceil(offers.length / 2);
    const found = [
      ...(await this.failuresIn(offers.slice(0, half), untouched)),
      ...(await this.failuresIn(offers.slice(half), untouched)),
    ];
    if (found.length > 0) return found;
    const what = `only together: ${offers.map((offer) => offer.what).join(", ")}`;
    return [{ what, file: "", errors, change: "" }];
  }

  /** A warning that open places give too, of a parameter that nothing used, is no offer's. */
  async #compareWarnings(
    offers: readonly AppliedOffer[],
    untouched: Judgement,
    judged: Judgement,
  ): Promise<void> {
    const added = addedTo(untouched.warnings, judged.warnings);
    if (added.length === 0) return;
    const open = await this.judge(offers.map((offer) => ({ ...offer, text: offer.open })));
    const isCompiled = worse(open, untouched).length === 0;
    if (!isCompiled && offers.length > 1) {
      const half = Math.ceil(offers.length / 2);
      for (const some of [offers.slice(0, half), offers.slice(half)])
        await this.#compareWarnings(some, untouched, await this.judge(some));
      return;
    }
    const known = [...untouched.warnings, ...addedTo(untouched.warnings, open.warnings)];
    const own = isCompiled ? addedTo(known, judged.warnings) : added;
    this.oldWarnings += added.length - own.length;
    this.warnings.push(...own.map((warning) => (isCompiled ? warning : `${warning} (not compared)`)));
  }

  /**
   * A clean copy with these offers, checked and built. The first run, which has the best offer of each place, starts
   * with no target directory at all; later ones keep the built dependencies, which no offer can change, and lose
   * every package of the project.
   */
  async judge(offers: readonly AppliedOffer[]): Promise<Judgement> {
    const { root } = this.#options;
    rmSync(this.#tree, { recursive: true, force: true });
    mkdirSync(this.#tree, { recursive: true });
    cpSync(root, this.#tree, { recursive: true, filter: (path) => path !== join(root, "target") });
    for (const [file, text] of merged(offers)) writeFileSync(join(this.#tree, file), text);
    if (this.runs === 0) rmSync(this.#target, { recursive: true, force: true });
    else await this.#cargo(["clean", ...this.#options.packages.flatMap((name) => ["-p", name])]);
    this.runs += 1;
    const all = ["--workspace", "--keep-going", ...this.#options.featureOptions];
    const asJson = ["--message-format", "json"];
    const check = await this.#cargo(["check", "--all-targets", ...all, ...asJson]);
    const build = await this.#cargo(["build", ...all, ...asJson]);
    return {
      exits: [check.exit, build.exit],
      errors: [...saidIn(check, "error"), ...saidIn(build, "error")],
      warnings: saidIn(check, "warning"),
    };
  }

  #cargo(options: readonly string[]): Promise<CargoRun> {
    const environment = {
      ...this.#options.environment,
      CARGO_TERM_COLOR: "never",
      CARGO_TARGET_DIR: this.#target,
    };
    return new Promise((resolve, reject) => {
      const child = spawn("cargo", [...options, "--offline"], {
        cwd: this.#tree,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const run = { exit: -1, stdout: "", stderr: "" };
      child.stdout.setEncoding("utf8").on("data", (text: string) => (run.stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (run.stderr += text));
      child.on("error", reject);
      child.on("close", (code) => resolve({ ...run, exit: code ?? -1 }));
    });
  }
}

/** Offers that touch the same lines go in different rounds: the first of every place in the first one. */
export function roundsOf(offers: readonly AppliedOffer[]): readonly (readonly AppliedOffer[])[] {
  const rounds: AppliedOffer[][] = [];
  for (const offer of offers) {
    const free = rounds.find((round) => round.every((other) => !touch(offer, other)));
    if (free === undefined) rounds.push([offer]);
    else free.push(offer);
  }
  return rounds;
}

interface Change {
  /** Offsets into the published text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The one stretch that differs, grown to whole lines. */
function changeIn({ published, text }: AppliedOffer): Change {
  let start = 0;
  while (start < Math.min(published.length, text.length) && published[start] === text[start]) start += 1;
  let tail = 0;
  const most = Math.min(published.length, text.length) - start;
  while (tail < most && published.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  start = published.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = published.indexOf("\n", published.length - tail);
  const end = lineEnd < 0 ? published.length : lineEnd;
  return { start, end, text: text.slice(start, text.length - (published.length - end)) };
}

function touch(a: AppliedOffer, b: AppliedOffer): boolean {
  const isSame = (one: Change, other: Change) => one.start <= other.end && other.start <= one.end;
  const open = (offer: AppliedOffer) => changeIn({ ...offer, text: offer.open });
  return a.file === b.file && (isSame(changeIn(a), changeIn(b)) || isSame(open(a), open(b)));
}

function merged(offers: readonly AppliedOffer[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { file } of offers) {
    const own = offers.filter((offer) => offer.file === file);
    const changes = own.map(changeIn).sort((a, b) => b.start - a.start);
    const text = changes.reduce(
      (result, change) => result.slice(0, change.start) + change.text + result.slice(change.end),
      own[0]?.published ?? "",
    );
    files.set(file, text);
  }
  return files;
}

/**
 * Each error or warning once, with the target and the file; without its line, since an offer moves the lines below
 * it. In cargo's JSON, since what it prints for people of two targets runs into each other.
 */
function saidIn({ exit, stdout, stderr }: CargoRun, level: "error" | "warning"): readonly string[] {
  const said = stdout
    .split("\n")
    .filter((line) => line.startsWith('{"reason":"compiler-message"'))
    .flatMap((line) => {
      const { message, target } = compilerMessage.parse(JSON.parse(line));
      if (message.level !== level || /^(?:aborting due to|\d+ warnings? emitted)/.test(message.message))
        return [];
      const file = message.spans.find(({ is_primary }) => is_primary)?.file_name ?? "";
      // rust-analyzer names the parameters of a member that is left open otherwise than its authors did.
      const text = message.message.replace(/^unused variable: `\w+`$/, "unused variable");
      return [`${message.code?.code ?? level}: ${text} ${file} (${target.kind[0]} ${target.name})`];
    });
  const isCargosOwn = level === "error" && exit !== 0 && said.length === 0;
  return isCargosOwn ? [stderr.trim().split("\n").slice(-5).join("\n")] : said;
}

/** Those that are said more often than before. */
function addedTo(before: readonly string[], now: readonly string[]): readonly string[] {
  const left = [...before];
  return now.filter((one) => {
    const known = left.indexOf(one);
    if (known >= 0) left.splice(known, 1);
    return known < 0;
  });
}

/** Why the judgement is worse: errors that the untouched copy has not, or has less often; or another exit code. */
function worse(judged: Judgement, untouched: Judgement): readonly string[] {
  const added = addedTo(untouched.errors, judged.errors);
  const isOtherExit = judged.exits.some((exit, index) => exit !== untouched.exits[index]);
  if (added.length === 0 && isOtherExit) {
    return [`cargo ended with ${judged.exits.join(", ")} instead of ${untouched.exits.join(", ")}`];
  }
  return added;
}

function describe({ exits, errors }: Judgement): string {
  return exits.every((exit) => exit === 0) ? "green" : `red (${errors.length} lines of errors)`;
}

function changeOf(offer: AppliedOffer): string {
  const change = changeIn(offer);
  return `- ${offer.published.slice(change.start, change.end)}\n+ ${change.text}`;
}
