import { describeError, type Log } from "../base/log.ts";
import { encodeFrame, type Frame } from "./frame.ts";

export type RequestId = number | string;

/** A parsed message. Its parts are foreign data: whoever uses them checks them. */
export interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Error codes of JSON-RPC and the LSP that we send or look at. */
export const errorCodes = {
  invalidParams: -32602,
  internalError: -32603,
  requestCancelled: -32800,
} as const;

/** An error answer: what the other side sent, or what a handler of ours wants to be sent. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
  /** As in JSON-RPC. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws SyntaxError where the body is not JSON; anything but an object becomes an empty message. */
export function parseMessage(body: Buffer): Message {
  const value: unknown = JSON.parse(body.toString("utf8"));
  return typeof value === "object" && value !== null ? value : {};
}

/** Absent results become null: an answer must have one. */
export function answerFrame(id: RequestId, result: unknown): Buffer {
  return encodeFrame({ jsonrpc: "2.0", id, result: result ?? null });
}

export function errorFrame(id: RequestId, error: AnswerError): Buffer {
  return encodeFrame({ jsonrpc: "2.0", id, error: { code: error.code, message: error.message } });
}

/** The message of a frame that we need to look into, or undefined (and a log line) where it is not JSON. */
export function readMessage(frame: Frame, log: Log): Message | undefined {
  try {
    return parseMessage(frame.body);
  } catch (error) {
    log.warn(`a message could not be read and is passed on as it is: ${describeError(error)}`);
    return undefined;
  }
}

/** Runs a handler that only looks: what it throws is logged and nothing more. */
export function observe(what: string, log: Log, handler: () => void): void {
  try {
    handler();
  } catch (error) {
    log.error(`our part of ${what} failed: ${describeError(error)}`);
  }
}
