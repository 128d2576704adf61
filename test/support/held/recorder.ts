/**
 * Every offer that a test with real tools has seen, by whatever route. The set-up of those suites
 * (`hold-every-offer.ts`) switches the recorder on and empties it after each test.
 */
import type { CheckSettings } from "../../../server/verify/settings/check-settings.ts";
import { type CleanCopy, copyOf } from "./clean-copy.ts";
import type { HeldOffer } from "./offer-faults.ts";

/** One offer applied: the user's document before and after. */
export interface Offered {
  /** "armature/fill", "completion item", "code action", "command", "armature fill" or "verifier". */
  readonly route: string;
  /** All that it says of itself: label, evidence. */
  readonly says: string;
  /** The folder that the user has open. */
  readonly root: string;
  /** The document, absolute. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The other open documents, by path. */
  readonly unsaved: ReadonlyMap<string, string>;
  readonly settings: CheckSettings;
  readonly environment: NodeJS.ProcessEnv;
}

export interface RecordedOffer extends Offered {
  /** The user's files as they were at that moment. */
  readonly copy: CleanCopy;
}

let isOn = false;
let recorded: RecordedOffer[] = [];
const known = new Set<string>();

type Holder = (offers: readonly Offered[]) => Promise<readonly HeldOffer[]>;

interface Aside {
  readonly offers: Offered[];
  readonly holder: Holder;
}

const asides = new Map<string, Aside>();

export function switchOn(): void {
  isOn = true;
}

/** Copies the workspace as it stands now: tests go on and change it. The same offer again is left out. */
export function recordOffer(offered: Offered): void {
  if (!isOn || offered.before === offered.after) return;
  const aside = [...asides].find(([root]) => offered.path.startsWith(`${root}/`));
  if (aside !== undefined) {
    aside[1].offers.push(offered);
    return;
  }
  const copy = copyOf(offered);
  const key = JSON.stringify([copy.directory, offered.path, offered.after, offered.says, offered.settings]);
  if (known.has(key)) return;
  known.add(key);
  recorded.push({ ...offered, copy });
}

export function takeRecorded(): readonly RecordedOffer[] {
  const taken = recorded;
  recorded = [];
  return taken;
}

/** For folders whose offers are held together, since there are too many or too large a tree for a copy of each. */
export function setOffersAside(root: string, holder: Holder): void {
  asides.set(root, { offers: [], holder });
}

export async function holdSetAside(): Promise<readonly HeldOffer[]> {
  const held: HeldOffer[] = [];
  for (const { offers, holder } of asides.values()) held.push(...(await holder(offers.splice(0))));
  return held;
}
