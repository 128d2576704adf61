import { z } from "zod";
import type { ModelChoice } from "./choice.ts";
import type { Endpoint } from "./endpoint.ts";
import { EndpointError } from "./endpoint-error.ts";
import { redactKnown } from "./redact.ts";

export interface FailureContext {
  readonly choice: ModelChoice;
  readonly endpoint: Endpoint;
}

/** An endpoint's own words, at most. */
const detailCharacters = 300;

/** Whatever a request threw, as the reason and remedy for people. Never holds the key or the URL's query. */
export function describeFailure(error: unknown, context: FailureContext): EndpointError {
  const secrets = [context.choice.readKey(), ...Object.values(context.endpoint.query)];
  const text = error instanceof Error ? error.message : String(error);
  const detail = redactKnown(text, secrets).slice(0, detailCharacters);
  const answered = answeredSchema.safeParse(error);
  if (answered.success) return describeStatus(answered.data, detail, context);
  return describeConnection(error, detail, context.endpoint.host);
}

/** The parts of the package's error that count, whatever its class. */
const answeredSchema = z.object({
  status: z.number(),
  code: z.unknown(),
  headers: z.instanceof(Headers).optional().catch(undefined),
});

function describeStatus(
  { status, code, headers }: z.infer<typeof answeredSchema>,
  detail: string,
  { choice, endpoint: { host } }: FailureContext,
): EndpointError {
  const facts = { status, detail };
  if (status === 401 || status === 403) {
    const missing = choice.readKey() === undefined ? `${choice.keyVariable} is not set` : "";
    const remedy = missing === "" ? `check the key in ${choice.keyVariable}` : missing;
    return new EndpointError({
      ...facts,
      reason: "model-refused",
      message: `${host} refused the request (${status}): ${remedy}`,
    });
  }
  if (status === 429) return describeLimit(facts, code, headers, host);
  if (status === 408 || status === 504) {
    const message = `${host} gave up on the request (${status}): a smaller model may answer in time`;
    return new EndpointError({ ...facts, reason: "model-timeout", message, isTransient: true });
  }
  if (status >= 500) {
    const message = `${host} failed (${status}): ${detail}`;
    return new EndpointError({
      ...facts,
      reason: "model-unreachable",
      message,
      isTransient: true,
      retryAfterMilliseconds: retryAfter(headers),
    });
  }
  if (status === 404) {
    const message = `${host} has no model ${choice.name} or no such path (404): check model.name and model.baseUrl, which ends in /v1 as a rule`;
    return new EndpointError({ ...facts, reason: "model-unreachable", message });
  }
  if (status >= 300 && status < 400) {
    const message = `${host} redirects elsewhere (${status}), which is not followed: name the final address in model.baseUrl`;
    return new EndpointError({ ...facts, reason: "model-unreachable", message });
  }
  return new EndpointError({
    ...facts,
    reason: "model-refused",
    message: `${host} refused the request: ${detail}`,
  });
}

function describeLimit(
  facts: { readonly status: number; readonly detail: string },
  code: unknown,
  headers: Headers | undefined,
  host: string,
): EndpointError {
  if (code === "insufficient_quota") {
    const message = `the quota of the account at ${host} is spent (429)`;
    return new EndpointError({ ...facts, reason: "model-limited", message });
  }
  const wait = retryAfter(headers);
  const when = wait === undefined ? "later" : `in ${Math.ceil(wait / 1000)} s`;
  return new EndpointError({
    ...facts,
    reason: "model-limited",
    message: `${host} limits the rate of requests (429): try again ${when}, or lower model.candidates`,
    isTransient: true,
    retryAfterMilliseconds: wait,
  });
}

/** Seconds only: dates depend on two clocks. */
function retryAfter(headers: Headers | undefined): number | undefined {
  const seconds = Number(headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function describeConnection(error: unknown, detail: string, host: string): EndpointError {
  const chain = causesOf(error);
  if (chain.some((cause) => cause instanceof SyntaxError)) {
    const message = `${host} answered with something that is no chat completion: model.baseUrl ends in /v1 as a rule`;
    return new EndpointError({ reason: "model-garbage", message, detail, cause: error });
  }
  const code = chain
    .map((cause) => codeSchema.safeParse(cause).data?.code)
    .find((found) => found !== undefined);
  if (code !== undefined && /TIMEOUT|ETIMEDOUT/.test(code)) {
    return new EndpointError({
      reason: "model-timeout",
      message: `${host} did not answer (${code})`,
      detail,
    });
  }
  return new EndpointError({
    reason: "model-unreachable",
    message: `${host} cannot be reached (${code ?? detail}): is it running, and is model.baseUrl right?`,
    detail,
    // A server that is not there will not be there in half a second; one that hung up may.
    isTransient: code === "ECONNRESET" || code === "UND_ERR_SOCKET" || code === "EPIPE",
    cause: error,
  });
}

const codeSchema = z.object({ code: z.string() });

function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next instanceof Error && chain.length < 8; next = next.cause) chain.push(next);
  return chain;
}
