import type { Frame } from "./frame.ts";
import { observe, readMessage } from "./message.ts";
import { peek } from "./peek.ts";
import { isOwnId } from "./port.ts";
import { routedMethods } from "./route.ts";
import type { Sides } from "./sides.ts";

const wanted = routedMethods("analyzer");
const isWanted = (method: string) => wanted.has(method);

/** What becomes of a frame of rust-analyzer. */
export function relayFromAnalyzer(frame: Frame, sides: Sides): void {
  const head = peek(frame.body, isWanted);
  switch (head.kind) {
    case "other":
      sides.toEditor(frame.bytes);
      return;
    case "response":
      if (isOwnId(head.id)) settleOwn(head.id, frame, sides);
      else if (!sides.rewrites.take(head.id, frame)) sides.toEditor(frame.bytes);
      return;
    case "request":
      // The only request in the table is workspace/configuration.
      sides.configuration.onRequest(head.id, frame);
      sides.toEditor(frame.bytes);
      return;
    case "notification":
      if (isPassed(head.method, frame, sides)) sides.toEditor(frame.bytes);
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
