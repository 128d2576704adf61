import type { FrameError } from "../../stages.ts";
import type { Mend } from "./mend.ts";

/** Where rustc calls its proposal a guess, and it is the trait's own text all the same. */
const sureEnough = new Set(["E0053", "E0195", "E0186", "E0638"]);

/** What rustc proposes and is sure of, as long as it changes no hole. */
export function proposed(error: FrameError): Mend | undefined {
  const fix = error.fixes.find(
    ({ isMachineApplicable, parts }) =>
      (isMachineApplicable || sureEnough.has(error.code ?? "")) &&
      parts.every(({ place }) => place.hole === undefined),
  );
  if (fix === undefined) return undefined;
  return { splices: fix.parts.map(({ place, text }) => ({ span: place.span, text })) };
}
