/**
 * Set-up of every suite with real tools: after each test, whatever the product has offered in it is held against plain
 * cargo, and the test fails where an offer does not hold. Nothing in a test file can leave it out.
 */
import { appendFileSync } from "node:fs";
import { afterAll, afterEach, inject } from "vitest";
import { dropCopies } from "./clean-copy.ts";
import { forgetHeld, holdOffers } from "./hold-offers.ts";
import type { HeldOffer } from "./offer-faults.ts";
import { holdSetAside, switchOn, takeRecorded } from "./recorder.ts";

const { target, results } = inject("held");
switchOn();

/** Milliseconds: as much as the offers of one test may take, not what is expected. */
const bound = 600_000;
/** Of all published projects of a file. */
const boundOfAside = 7_200_000;

afterEach(() => holding(() => holdOffers(takeRecorded(), target)), bound);
// What was offered outside of a test, as in another hook, and what is held together.
afterAll(async () => {
  try {
    await holding(() => holdOffers(takeRecorded(), target));
    await holding(holdSetAside);
  } finally {
    forgetHeld();
    dropCopies();
  }
}, boundOfAside);

async function holding(hold: () => Promise<readonly HeldOffer[]>): Promise<void> {
  const started = performance.now();
  const held = await hold();
  if (held.length === 0) return;
  const failed = held.filter(({ faults }) => faults.length > 0);
  const milliseconds = performance.now() - started;
  appendFileSync(
    results,
    `${JSON.stringify({ offers: held.length, failed: failed.length, milliseconds })}\n`,
  );
  if (failed.length === 0) return;
  throw new Error(`offers that plain cargo does not accept:\n${failed.map(describeHeld).join("\n\n")}`);
}

function describeHeld({ offer, faults }: HeldOffer): string {
  return [`${offer.route}: ${offer.says.split("\n")[0] ?? ""}`, offer.after, ...faults].join("\n");
}
