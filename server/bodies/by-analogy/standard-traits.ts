import type { Candidate } from "./ladder.ts";
import { madeCandidate } from "./made-candidate.ts";
import type { OwnImpl, OwnMethod } from "./own-impl.ts";
import type { Templates } from "./template.ts";
import { conversionTemplates } from "./templates-conversion.ts";
import { comparisonTemplates } from "./templates-comparison.ts";
import { containerTemplates } from "./templates-container.ts";
import { operatorTemplates } from "./templates-operator.ts";
import { textTemplates } from "./templates-text.ts";

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
