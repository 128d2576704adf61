import { killAllCommands } from "../base/child.ts";
import { type AnalyzerProcess, exitCodeOf } from "./analyzer.ts";
import type { Relay } from "./relay.ts";

export interface EndingSession {
  readonly relay: Relay;
  /** Ends what runs of ours. */
  stop(): Promise<void>;
}

/** Milliseconds, for what does not listen. */
const patience = { commands: 300, analyzer: 500 };
/** Of rust-analyzer, where it gets what is no message. */
const brokenCode = 1;

/** Waits until rust-analyzer or the editor is gone and ends the rest; resolves with the exit code that the editor would have seen. */
export async function untilEnded(session: EndingSession, analyzer: AnalyzerProcess): Promise<number> {
  const { relay } = session;
  await Promise.race([relay.closed, relay.editorGone, analyzer.exited]);
  const timers = [
    // A build script may ignore the signal that it got first.
    setTimeout(killAllCommands, patience.commands),
    // rust-analyzer ends by itself when its input does; a hanging one must not outlive the editor.
    setTimeout(() => void analyzer.stop(), patience.analyzer),
  ];
  await session.stop();
  const exit = await analyzer.exited;
  for (const timer of timers) clearTimeout(timer);
  await relay.closed;
  return relay.isBroken ? brokenCode : exitCodeOf(exit);
}
