import type { CheckEvidence } from "../../stages.ts";
import { distinct, errorsOf } from "../check/diagnostics.ts";
import { hasGap } from "../text/own-text.ts";
import type { LaidText } from "../text/laid-text.ts";
import type { Bench, Checked } from "./bench.ts";
import { standpointOf } from "./touched.ts";

/** What an accepted text leaves red, unseen or warned of elsewhere: the offer adds none of it, and must not hide it. */
export function whatStays(
  bench: Bench,
  laid: LaidText,
  checked: Checked,
): Pick<CheckEvidence, "errors" | "warnings"> {
  const { skeleton, newText } = bench;
  const around = checked.placed.filter((said) =>
    ["item", "elsewhere"].includes(standpointOf(said, laid, newText)),
  );
  const errors = around.filter(({ message }) => errorsOf([message]).length > 0);
  // Without a gap every warning that is there now was there before.
  const warnings = hasGap(skeleton) ? around.filter(({ message }) => message.level === "warning") : [];
  const isOfCode = ({ message }: (typeof warnings)[number]) => message.code !== undefined;
  return {
    errors: distinct(errors),
    warnings: distinct(warnings.filter(isOfCode)).length,
  };
}
