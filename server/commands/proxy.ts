import { parseSettings } from "../../protocol/settings.ts";
import { Abort } from "../base/abort.ts";
import { killAllCommands } from "../base/child.ts";
import { withFailureLimit } from "../base/failure-limit.ts";
import { describeError, type Log } from "../base/log.ts";
import { type AnalyzerProcess, exitCodeOf, findAnalyzer, startAnalyzer } from "../relay/analyzer.ts";
import { at } from "../relay/client-profile.ts";
import { firstMessage } from "../relay/first-frame.ts";
import { encodeFrame, FrameError } from "../relay/frame.ts";
import type { Message } from "../relay/message.ts";
import { runSession } from "../session.ts";
import { cacheDirectory } from "./cache-directory.ts";

export interface ProxyOptions {
  /** Flags for rust-analyzer (`--log-file F`, `-v`), passed on as they are. */
  readonly flags: readonly string[];
  readonly self: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: Log;
}

/** Stands between the editor on our standard streams and the real rust-analyzer; resolves with the exit code. */
export async function runProxy({ flags, self, environment, log: given }: ProxyOptions): Promise<number> {
  const turnedOff = new Abort();
  const onReached = () => turnedOff.abort("shutdown");
  const log = withFailureLimit({ log: given, now: () => performance.now(), onReached });
  // Whatever escapes every catch of ours is a line in the log: the pipe to rust-analyzer goes on.
  process.on("uncaughtException", (error) => log.error(`unexpected: ${describeError(error)}`));
  process.on("unhandledRejection", (reason) => log.error(`unexpected: ${describeError(reason)}`));
  // An editor that has gone cannot be told anything; that it has gone is seen by its other pipe.
  process.stdout.on("error", () => undefined);
  let first: Message | undefined;
  try {
    first = await firstMessage(process.stdin);
  } catch (error) {
    log.warn(`the editor's first message could not be read: ${describeError(error)}`);
    if (error instanceof FrameError) return 1;
  }
  if (first === undefined && process.stdin.readableEnded) {
    log.info("the editor left before it said anything");
    return 1;
  }
  const { settings } = parseSettings(at(first?.params, "initializationOptions", "armature"));
  const found = await findAnalyzer({ setting: settings.rustAnalyzer.path, environment, self });
  if (found.path === undefined) return refuse(found.error, first?.id, log);
  try {
    const analyzer = await startAnalyzer({
      path: found.path,
      args: flags,
      environment,
      cwd: process.cwd(),
      standardError: "inherit",
      log,
    });
    log.info(`standing between the editor and ${found.path}`);
    endOnSignals(analyzer);
    const directory = cacheDirectory(settings.verify.cacheDirectory, environment);
    const { stdin, stdout } = process;
    // The look at the first message paused it, and a listener alone does not resume what was paused.
    stdin.resume();
    return await runSession({
      editorInput: stdin,
      editorOutput: stdout,
      analyzer,
      environment,
      cacheDirectory: directory,
      log,
      turnedOff: turnedOff.signal,
    });
  } catch (error) {
    return refuse(describeError(error), first?.id, log);
  }
}

/** Milliseconds from a signal to our end, in whatever state we are. */
const patience = 900;

/** The first signal ends us in order: rust-analyzer goes, and the session with it. Another one, or time, ends us at once. */
function endOnSignals(analyzer: AnalyzerProcess): void {
  let isEnding = false;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      const end = () => process.exit(exitCodeOf({ code: undefined, signal }));
      killAllCommands();
      if (isEnding) end();
      isEnding = true;
      void analyzer.stop();
      setTimeout(end, patience);
    });
  }
}

/** The one failure that nothing can stand in for: said in the log and as the answer, which editors show. */
async function refuse(message: string, id: unknown, log: Log): Promise<number> {
  log.error(message);
  if (typeof id === "number" || typeof id === "string") {
    const serverNotInitialized = -32002;
    const answer = encodeFrame({
      jsonrpc: "2.0",
      id,
      error: { code: serverNotInitialized, message: `armature: ${message}` },
    });
    await new Promise((written) => process.stdout.write(answer, written));
  }
  return 1;
}
