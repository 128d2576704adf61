/**
 * Why a compiler did not come by, as far as the syntax tree, the settings and rustc's own messages tell. Words for
 * people: no verdict depends on them.
 */
import { isBuiltInAttribute } from "../../syntax/attributes.ts";
import { surroundingCode, type SurroundingCode } from "../../syntax/surrounding-code.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import type { Span } from "../../stages.ts";
import { isConfiguredIn } from "../cargo/cfg-predicate.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { errorsOf, type PlacedMessage } from "../check/diagnostics.ts";
import { configuredOut, knownCfg } from "./configured-out.ts";
import type { MissedIn } from "./bench.ts";
import type { AskedTargets } from "../check/target-choice.ts";

export interface MissedCode {
  readonly syntax: RustSyntax;
  /** The document as it was checked, and the hole that was not reached. */
  readonly text: string;
  readonly hole: Span;
  readonly placed: readonly PlacedMessage[];
  /** The first compilation that did not reach it. */
  readonly missed: MissedIn;
  /** Of its package. */
  readonly asked: AskedTargets;
  readonly settings: CheckSettings;
  /** Flags for rustc, from wherever it gets them. */
  readonly rustFlags: readonly string[];
  /** What cargo says where it failed without a message of the compiler. */
  readonly failure: string | undefined;
}

/** Why a target that contains the document did not reach the hole. */
export function whyNotReached(code: MissedCode): string {
  const around = code.syntax.read(code.text, (root) => surroundingCode(root, code.hole));
  const known = knownCfg(code.asked, code.missed);
  const off = around.attributes.find(({ text }) => isConfiguredIn(text, known) === false);
  const doubtful = around.attributes.find(({ text }) => isConfiguredIn(text, known) === undefined);
  const cause =
    (off === undefined ? undefined : configuredOut(off.text, off.on, code.asked)) ??
    maskedBy(code, around.function) ??
    ended(code, around) ??
    droppedBy(around) ??
    (doubtful === undefined ? undefined : configuredOut(doubtful.text, doubtful.on, code.asked)) ??
    capped(code) ??
    "it is not compiled, or its lints are capped";
  return `the compiler did not reach this code in ${nameOf(code.missed)}: ${cause}`;
}

/** "lib shapes", "lib shapes (test)" */
function nameOf({ target, isTest }: MissedIn): string {
  return isTest === true && !/^(test|bench) /.test(target) ? `${target} (test)` : target;
}

/** In the same function first, then in the same target, then in what it is built on. */
function maskedBy(
  { placed, missed: { target, packageId }, failure }: MissedCode,
  around: Span | undefined,
): string | undefined {
  const errors = placed.filter(({ message }) => errorsOf([message]).length > 0);
  const isHere = ({ spans }: PlacedMessage) =>
    around !== undefined && spans.some(({ start, end }) => start >= around.start && end <= around.end);
  const isOwn = ({ message }: PlacedMessage) => message.packageId === packageId && message.target === target;
  const error = errors.find(isHere) ?? errors.find(isOwn) ?? errors[0];
  if (error === undefined) return failure === undefined ? undefined : `cargo failed: ${failure}`;
  const { message, path, line } = error.diagnostic;
  return `an error elsewhere keeps it from being checked: ${message} (${path}:${line})`;
}

/** As rustc says it; where that lint is off, as the statements before it look. */
function ended({ placed, hole }: MissedCode, { ending }: SurroundingCode): string | undefined {
  const unreachable = placed.find(
    ({ message, spans: [primary] }) =>
      message.code === "unreachable_code" &&
      primary !== undefined &&
      primary.start <= hole.start &&
      primary.end >= hole.end,
  );
  const line = unreachable?.message.spans.find(({ isPrimary }) => !isPrimary)?.line ?? ending?.line;
  if (line !== undefined) return `code before it never lets go on (line ${line})`;
  return unreachable === undefined ? undefined : "code before it never lets go on";
}

function droppedBy({ attributes, macro }: SurroundingCode): string | undefined {
  if (macro?.isDefinition === true) return `it stands in the definition of the macro ${macro.name}!`;
  if (macro !== undefined) return `the macro ${macro.name}! drops what it is called with, or some of it`;
  const foreign = attributes.find(({ name }) => !isBuiltInAttribute(name));
  return foreign === undefined
    ? undefined
    : `the attribute macro #[${foreign.name}] on ${foreign.on} drops or rewrites it`;
}

function capped({ rustFlags, settings }: MissedCode): string | undefined {
  const isCap = (flag: string) => flag.startsWith("--cap-lints");
  if ([...rustFlags, ...settings.trailingArguments].some(isCap)) {
    return "lints are capped by --cap-lints in the flags for rustc, so that nothing shows that it was reached";
  }
  return undefined;
}
