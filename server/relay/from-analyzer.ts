import type { Frame } from "./frame.ts";
import { observe, readMessage } from "./message.ts";
import { peekFrame } from "./peek.ts";
import { isOwnId } from "./port.ts";
import { routedMethods } from "./route.ts";
import { pass, type Sides } from "./sides.ts";

const wanted = routedMethods("analyzer");
const isWanted = (method: string) => wanted.has(method);

/** What becomes of a frame of rust-analyzer. */
export function relayFromAnalyzer(frame: Frame, sides: Sides): void {
  const head = peekFrame(frame, isWanted);
  switch (head.kind) {
    case "other":
      pass(frame, sides.toEditor);
      return;
    case "response":
      if (isOwnId(head.id)) settleOwn(head.id, frame, sides);
      else if (!sides.rewrites.take(head.id, frame)) pass(frame, sides.toEditor);
      return;
    case "request":
      // The only request in the table is workspace/configuration.
      sides.configuration.onRequest(head.id, frame);
      pass(frame, sides.toEditor);
      return;
    case "notification":
      if (isPassed(head.method, frame, sides)) pass(frame, sides.toEditor);
  }
}

function settleOwn(id: string, frame: Frame, { analyzerPort, log }: Sides): void {
  const message = readMessage(frame, log);
  if (message !== undefined) analyzerPort.settle(id, message);
}

function isPassed(method: string, frame: Frame, { routes, log }: Sides): boolean {
  const handler = routes.analyzerNotifications[method];
  const message = handler === undefined ? undefined : readMessage(frame, log);
  if (handler === undefined || message === undefined) return true;
  let isDropped = false;
  observe(method, log, () => {
    isDropped = handler(message.params) === "drop";
  });
  return !isDropped;
}
