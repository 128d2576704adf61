import type { Log } from "../base/log.ts";
import type { ConfigurationWatch } from "./configuration.ts";
import type { Frame } from "./frame.ts";
import type { Port } from "./port.ts";
import type { Rewrites } from "./rewrites.ts";
import type { Routes } from "./route.ts";
import type { TakenRequests } from "./taken.ts";

/** What both directions of the relay share. */
export interface Sides {
  readonly toEditor: (bytes: Buffer) => void;
  readonly toAnalyzer: (bytes: Buffer) => void;
  readonly editorPort: Port;
  readonly analyzerPort: Port;
  readonly taken: TakenRequests;
  readonly rewrites: Rewrites;
  readonly configuration: ConfigurationWatch;
  readonly routes: Routes;
  readonly log: Log;
  /** Every message passes as it came; only answers to questions of ours are still ours. */
  isOff: boolean;
}

/** Sends a frame on as it came. */
export function pass(frame: Frame, send: (bytes: Buffer) => void): void {
  for (const part of frame.parts) send(part);
}
