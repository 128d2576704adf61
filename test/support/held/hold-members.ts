/** Offers in members of one workspace that do not see each other: a run of cargo holds one of each. */
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { loadRustSyntax } from "../../../server/syntax/parse.ts";
import { faultsOf, type HeldOffer, withOpenBodies } from "./offer-faults.ts";
import { plainCheck, type Said } from "./plain-cargo.ts";
import type { Offered } from "./recorder.ts";

export interface MembersOptions {
  /** A clean copy of the workspace, as published: where an offer's text before differs, something was cut out. */
  readonly copy: string;
  /** The folder that the user has open. */
  readonly root: string;
  /** Folder of the member that holds a path, relative to the root; empty where the root is the only package. */
  readonly memberOf: (path: string) => string;
  readonly packageOf: (member: string) => string;
  readonly environment: NodeJS.ProcessEnv;
  /** By which cargo chooses features. */
  readonly flags?: readonly string[];
  /** Off where the tests that were published cannot even be read. */
  readonly allTargets?: boolean;
}

export interface HeldMember extends HeldOffer<Offered> {
  /** What is red with the offer in place, old or new. */
  readonly errors: readonly string[];
}

export async function holdMembers(
  offers: readonly Offered[],
  options: MembersOptions,
): Promise<readonly HeldMember[]> {
  const different = withoutCopies(offers).map((offer) => ({
    offer,
    path: join(options.copy, relative(options.root, offer.path)),
    member: options.memberOf(relative(options.root, offer.path)),
  }));
  const round = new Round(options);
  const found: HeldMember[] = [];
  for (let left = different; left.length > 0;) {
    const isFirst = ({ member }: Placed, index: number) =>
      left.findIndex((other) => other.member === member) === index;
    found.push(...(await round.hold(left.filter(isFirst))));
    left = left.filter((placed, index) => !isFirst(placed, index));
  }
  return found;
}

interface Placed {
  readonly offer: Offered;
  /** In the copy. */
  readonly path: string;
  readonly member: string;
}

class Round {
  readonly #options: MembersOptions;
  readonly #before = new Map<string, readonly Said[]>();

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  async hold(placed: readonly Placed[]): Promise<readonly HeldMember[]> {
    const syntax = await loadRustSyntax();
    const found = placed.map(({ offer }) => ({ offer, faults: [] as string[], errors: [] as string[] }));
    const { flags: chosen = [], allTargets = true } = this.#options;
    for (const flags of allTargets ? [chosen, [...chosen, "--all-targets"]] : [chosen]) {
      const after = await this.#with(placed, ({ offer }) => offer.after, flags);
      for (const [index, { faults, errors }] of found.entries()) {
        const { offer, path, member } = placed[index]!;
        const said = this.#of(after, member);
        const runs = {
          before: () => this.#beforeOf(placed, placed[index]!, flags),
          after: said,
          whole: [
            () => this.#publishedOf(placed[index]!, flags),
            async () =>
              this.#of(
                await this.#with([placed[index]!], () => withOpenBodies(syntax, offer), flags),
                member,
              ),
          ],
        };
        for (const fault of await faultsOf(syntax, { ...offer, path }, runs))
          faults.push(`cargo ${["check", ...flags].join(" ")}: ${fault}`);
        errors.push(...said.filter(({ level }) => level === "error").map(({ rendered }) => rendered));
      }
    }
    return found;
  }

  /** Of the member as the copy has it. */
  async #publishedOf({ offer, path, member }: Placed, flags: readonly string[]) {
    const own = { offer: { ...offer, before: readFileSync(path, "utf8") }, path, member };
    return this.#beforeOf([own], own, flags);
  }

  async #beforeOf(placed: readonly Placed[], own: Placed, flags: readonly string[]) {
    const keyOf = (one: Placed) => JSON.stringify([one.path, one.offer.before, ...flags]);
    const known = this.#before.get(keyOf(own));
    if (known !== undefined) return known;
    const all = await this.#with(placed, ({ offer }) => offer.before, flags);
    for (const one of placed) this.#before.set(keyOf(one), this.#of(all, one.member));
    return this.#before.get(keyOf(own)) ?? [];
  }

  /** One run over the packages of all these, each with a text of its own in place. */
  async #with(
    placed: readonly Placed[],
    textOf: (placed: Placed) => string,
    flags: readonly string[],
  ): Promise<readonly Said[]> {
    const own = placed.map(({ path }) => [path, readFileSync(path, "utf8")] as const);
    for (const one of placed) writeFileSync(one.path, textOf(one));
    // By its name a lone package may be taken for one of its dependencies, which tests bring in again.
    const packages = placed.flatMap(({ member }) =>
      member === "" ? [] : ["-p", this.#options.packageOf(member)],
    );
    const { copy: directory, environment } = this.#options;
    const said = await plainCheck({ directory, environment, flags: [...packages, ...flags] });
    for (const [path, text] of own) writeFileSync(path, text);
    return said;
  }

  /** Of the member and of packages inside its folder. What cargo says itself is said of all. */
  #of(said: readonly Said[], member: string): readonly Said[] {
    const folder = join(this.#options.copy, member);
    return said.filter(
      ({ directory, isCargosOwn }) =>
        isCargosOwn || directory === folder || directory.startsWith(folder + sep),
    );
  }
}

function withoutCopies(offers: readonly Offered[]): readonly Offered[] {
  const keys = offers.map(({ path, after, says }) => JSON.stringify([path, after, says.split("\n")[0]]));
  return offers.filter((_offer, index) => keys.indexOf(keys[index]!) === index);
}
