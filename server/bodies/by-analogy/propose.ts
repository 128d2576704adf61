import type { Facts } from "../../stages.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { proposeMembers } from "./impl-bodies.ts";
import { proposeArms } from "./match-bodies.ts";
import type { Proposals } from "./proposal.ts";
import { Reader } from "./reader.ts";

/**
 * What the code that is already there suggests for each hole, with the estimated chance of each text. Pure: the
 * same facts give the same proposals. The compiler has still to say which of them fit.
 */
export function proposeByAnalogy(facts: Facts, syntax: RustSyntax): Proposals {
  const reader = new Reader(syntax);
  return facts.skeleton.site.kind === "match" ? proposeArms(facts, reader) : proposeMembers(facts, reader);
}
