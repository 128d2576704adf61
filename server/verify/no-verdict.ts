import type { NoOfferReason } from "../../protocol/methods.ts";

/** Thrown inside this stage where nothing can be said of any draft; the verifier turns it into a NoOffer. */
export class NoVerdict extends Error {
  override readonly name = "NoVerdict";
  readonly reason: NoOfferReason;

  constructor(reason: NoOfferReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
