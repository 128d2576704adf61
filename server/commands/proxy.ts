import { parseSettings } from "../../protocol/settings.ts";
import { killAllCommands } from "../base/child.ts";
import { describeError, type Log } from "../base/log.ts";
import { findAnalyzer, startAnalyzer } from "../relay/analyzer.ts";
import { at } from "../relay/client-profile.ts";
import { firstMessage } from "../relay/first-frame.ts";
import { encodeFrame } from "../relay/frame.ts";
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
export async function runProxy({ flags, self, environment, log }: ProxyOptions): Promise<number> {
  // Whatever escapes every catch of ours is a line in the log: the pipe to rust-analyzer goes on.
  process.on("uncaughtException", (error) => log.error(`unexpected: ${describeError(error)}`));
  process.on("unhandledRejection", (reason) => log.error(`unexpected: ${describeError(reason)}`));
  const first = await firstMessage(process.stdin).catch((error: unknown) => {
    log.error(`the editor's first message could not be read: ${describeError(error)}`);
    return undefined;
  });
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
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.once(signal, () => {
        killAllCommands();
        void analyzer.stop();
      });
    }
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
    });
  } catch (error) {
    return refuse(describeError(error), first?.id, log);
  }
}

/** The one failure that nothing can stand in for: said in the log and as the answer, which editors show. */
function refuse(message: string, id: unknown, log: Log): number {
  log.error(message);
  if (typeof id === "number" || typeof id === "string") {
    const serverNotInitialized = -32002;
    process.stdout.write(
      encodeFrame({
        jsonrpc: "2.0",
        id,
        error: { code: serverNotInitialized, message: `armature: ${message}` },
      }),
    );
  }
  return 1;
}
