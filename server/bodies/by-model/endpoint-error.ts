import type { NoOfferReason } from "../../../protocol/methods.ts";

export type EndpointReason = Extract<NoOfferReason, `model-${string}` | "budget-spent">;

interface EndpointErrorFacts {
  readonly reason: EndpointReason;
  /** For people: names the endpoint's host and the remedy, and never a key. */
  readonly message: string;
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** What the endpoint said, with secrets taken out. */
  readonly detail?: string;
  /** Trying again may help. */
  readonly isTransient?: boolean;
  /** How long the endpoint asked us to wait. */
  readonly retryAfterMilliseconds?: number | undefined;
  readonly cause?: unknown;
}

/** A request to the model's endpoint that brought no answer. */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
  readonly reason: EndpointReason;
  readonly status: number | undefined;
  readonly detail: string;
  readonly isTransient: boolean;
  readonly retryAfterMilliseconds: number | undefined;

  constructor(facts: EndpointErrorFacts) {
    super(facts.message, { cause: facts.cause });
    this.reason = facts.reason;
    this.status = facts.status;
    this.detail = facts.detail ?? "";
    this.isTransient = facts.isTransient ?? false;
    this.retryAfterMilliseconds = facts.retryAfterMilliseconds;
  }
}
