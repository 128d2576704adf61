import type { AbortCause } from "../base/abort.ts";
import { encodeFrame, type Frame } from "./frame.ts";
import { type Message, observe, readMessage, type RequestId } from "./message.ts";
import { peekFrame } from "./peek.ts";
import { isOwnId } from "./port.ts";
import { routedMethods } from "./route.ts";
import { pass, type Sides } from "./sides.ts";

const wanted = routedMethods("editor");
const isWanted = (method: string) => wanted.has(method);

/** What becomes of a frame of the editor. */
export function relayFromEditor(frame: Frame, sides: Sides): void {
  const head = peekFrame(frame, isWanted);
  if (sides.isOff && head.kind !== "response") {
    pass(frame, sides.toAnalyzer);
    return;
  }
  switch (head.kind) {
    case "other":
      pass(frame, sides.toAnalyzer);
      return;
    case "response":
      relayResponse(head.id, frame, sides);
      return;
    case "request":
      relayRequest(head.id, head.method, frame, sides);
      return;
    case "notification":
      relayNotification(head.method, frame, sides);
  }
}

/** Ends everything of ours that the editor waits for: each request has its answer afterwards, or gets it as it comes. */
export function cancelOurs(cause: AbortCause, { taken, rewrites }: Sides): void {
  taken.cancelAll(cause);
  rewrites.cancelAll(cause);
}

function relayResponse(id: RequestId, frame: Frame, sides: Sides): void {
  if (isOwnId(id)) {
    const message = readMessage(frame, sides.log);
    if (message !== undefined) sides.editorPort.settle(id, message);
    return;
  }
  pass(frame, sides.toAnalyzer);
  sides.configuration.onAnswer(id, frame);
}

function relayRequest(id: RequestId, method: string, frame: Frame, sides: Sides): void {
  const { routes, taken, rewrites, toAnalyzer, log } = sides;
  if (method === "shutdown") cancelOurs("shutdown", sides);
  const take = routes.requests[method];
  const answer = routes.answers[method];
  const isRewritten = method === "initialize";
  const isRead = take !== undefined || answer !== undefined || isRewritten;
  const message = isRead ? readMessage(frame, log) : undefined;
  if (message === undefined) {
    pass(frame, toAnalyzer);
    return;
  }
  const { params } = message;
  if (take !== undefined && taken.take(id, method, (context) => take(params, context))) return;
  if (isRewritten) toAnalyzer(initializeBytes(frame, message, sides));
  else pass(frame, toAnalyzer);
  if (answer !== undefined) rewrites.expect(id, method, (context) => answer(params, context));
}

function initializeBytes(frame: Frame, message: Message, { routes, log }: Sides): Buffer {
  let bytes = frame.bytes;
  observe("initialize", log, () => {
    bytes = encodeFrame({ ...message, params: routes.initialize(message.params) });
  });
  return bytes;
}

/** Forwarded before it is looked at, so that what a handler asks rust-analyzer comes after it. */
function relayNotification(method: string, frame: Frame, sides: Sides): void {
  if (method === "$/cancelRequest") {
    relayCancel(frame, sides);
    return;
  }
  pass(frame, sides.toAnalyzer);
  const handler = sides.routes.notifications[method];
  const message = handler === undefined ? undefined : readMessage(frame, sides.log);
  if (handler !== undefined && message !== undefined) {
    observe(method, sides.log, () => handler(message.params));
  }
}

function relayCancel(frame: Frame, { taken, rewrites, toAnalyzer, log }: Sides): void {
  const id = cancelledId(readMessage(frame, log));
  // rust-analyzer has never seen a taken request, so its cancel goes no further.
  if (id !== undefined && taken.cancel(id, "cancelled")) return;
  pass(frame, toAnalyzer);
  if (id !== undefined) rewrites.cancel(id, "cancelled");
}

function cancelledId(message: Message | undefined): RequestId | undefined {
  const params = message?.params;
  if (typeof params !== "object" || params === null || !("id" in params)) return undefined;
  return typeof params.id === "number" || typeof params.id === "string" ? params.id : undefined;
}
