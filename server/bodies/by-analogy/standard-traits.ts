import type { Candidate } from "./ladder.ts";
import { madeCandidate } from "./made-candidate.ts";
import type { OwnImpl, OwnMethod } from "./own-impl.ts";
import { conversionTemplates } from "./templates-conversion.ts";
import { comparisonTemplates } from "./templates-comparison.ts";
import { containerTemplates } from "./templates-container.ts";
import { operatorTemplates } from "./templates-operator.ts";
import { textTemplates } from "./templates-text.ts";

export interface Template {
  readonly text: string;
  readonly chance: number;
}

/** What a family of standard traits usually looks like for a type; [] for traits that are not of the family. */
export type Templates = (own: OwnImpl, method: OwnMethod) => Template[];

const families: readonly Templates[] = [
  conversionTemplates,
  comparisonTemplates,
  containerTemplates,
  operatorTemplates,
  textTemplates,
];

/** The usual body of a standard trait's method, made from the type's definition (B4). */
export function fromStandardTraits(own: OwnImpl, method: OwnMethod): Candidate[] {
  return families
    .flatMap((templates) => templates(own, method))
    .flatMap(({ text, chance }) =>
      madeCandidate(own.reader, { text, chance, rule: `usual body of ${own.trait}`, place: own.place }),
    );
}
