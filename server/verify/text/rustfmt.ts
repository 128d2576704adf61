import { AbortedError, withDeadline } from "../../base/abort.ts";
import { runCommand, SpawnError } from "../../base/child.ts";
import type { Log } from "../../base/log.ts";
import { quietEnvironment } from "../cargo/cargo.ts";
import type { FormatSettings } from "../settings/format-settings.ts";

export interface FormatOptions {
  /** Where rustfmt looks for its settings from. */
  readonly directory: string;
  readonly edition: string;
  readonly settings: FormatSettings;
  readonly toolchain: string | undefined;
  readonly signal: AbortSignal;
}

/** "unreadable": rustfmt says that this text is no Rust. undefined: it said nothing. */
export type Formatted = { readonly text: string } | "unreadable" | undefined;

/** From its start. A text that takes longer is offered as it was written: rustfmt takes some 25 ms for a site. */
const timeoutMilliseconds = 4_000;

/** The workspace's rustfmt, or whatever command the user has rust-analyzer format with. */
export class Rustfmt {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #log: Log;
  /** Said once: without rustfmt offers keep the layout they were written in. */
  #isMissing = false;

  constructor(environment: NodeJS.ProcessEnv, log: Log) {
    this.#environment = environment;
    this.#log = log;
  }

  /** Starts it before there is a text to format: that takes more of its time than the text of a site. */
  start(options: FormatOptions): Formatter {
    return new Formatter((input) => this.#run(input, options));
  }

  async #run(input: string | Promise<string>, options: FormatOptions): Promise<Formatted> {
    if (this.#isMissing) return undefined;
    const deadline = withDeadline(options.signal, timeoutMilliseconds);
    try {
      const { exitCode, stdout, stderr } = await runCommand({
        ...commandOf(options),
        cwd: options.directory,
        environment: {
          ...quietEnvironment(this.#environment),
          ...(options.toolchain === undefined ? {} : { RUSTUP_TOOLCHAIN: options.toolchain }),
        },
        input,
        signal: deadline.signal,
      });
      if (exitCode === 0) return { text: stdout };
      if (!/is not installed|not applicable to the/.test(stderr)) return "unreadable";
      this.#giveUp(stderr);
      return undefined;
    } catch (error) {
      if (options.signal.aborted) throw error;
      if (error instanceof SpawnError) this.#giveUp(error.message);
      else if (!(error instanceof AbortedError)) throw error;
      return undefined;
    } finally {
      deadline.clear();
    }
  }

  #giveUp(reason: string): void {
    this.#isMissing = true;
    this.#log.info(`offers are not formatted: ${reason.split("\n")[0] ?? ""} (rustup component add rustfmt)`);
  }
}

/** Formats texts, the first of them with a rustfmt that waits for it. To be closed. */
export class Formatter {
  readonly #run: (input: string | Promise<string>) => Promise<Formatted>;
  #waiting: { readonly give: (text: string) => void; readonly formatted: Promise<Formatted> } | undefined;

  constructor(run: (input: string | Promise<string>) => Promise<Formatted>) {
    this.#run = run;
    let give: (text: string) => void = () => undefined;
    const formatted = run(new Promise((resolve) => (give = resolve)));
    // Where no text is ever given, nobody hears of an abort.
    formatted.catch(() => undefined);
    this.#waiting = { give, formatted };
  }

  format(text: string): Promise<Formatted> {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return this.#run(text);
    waiting.give(text);
    return waiting.formatted;
  }

  close(): void {
    this.#waiting?.give("");
    this.#waiting = undefined;
  }
}

function commandOf({ settings, edition }: FormatOptions): { file: string; arguments: readonly string[] } {
  const [file, ...rest] = settings.overrideCommand;
  if (file !== undefined) return { file, arguments: rest };
  return { file: "rustfmt", arguments: [...settings.extraArguments, "--edition", edition] };
}
