import { onPath } from "../relay/candidates.ts";
import type { DoctorContext, Remedy, Way } from "./finding.ts";

export interface Packages {
  /** Components of rustup. */
  readonly components: readonly string[];
  /** Debian's packages; undefined where it has none. */
  readonly debian?: readonly string[];
}

/** Rust's own tools: by rustup where it is, by Debian's packages where apt-get is, both told where neither is. */
export function installRemedy({ components, debian }: Packages, context: DoctorContext): Remedy {
  const byRustup = `rustup component add ${components.join(" ")}`;
  const byDebian = debian === undefined ? undefined : `apt-get install ${debian.join(" ")}`;
  const hasRustup = has("rustup", context);
  const hasApt = has("apt-get", context);
  const texts = [
    ...(hasRustup || !hasApt || byDebian === undefined ? [`\`${byRustup}\``] : []),
    ...(byDebian !== undefined && (hasApt || !hasRustup) ? [`\`${byDebian}\` (Debian)`] : []),
  ];
  return { text: texts.join(" or "), ways: waysToInstall({ components, debian }, context) };
}

/** Rust itself. Not done by us: which toolchain a machine gets is its owner's choice. */
export function rustRemedy(): Remedy {
  return {
    text: "install Rust with rustup, or on Debian `apt-get install rust-web-analyzer rust-web-src` (cargo comes along)",
    ways: [],
  };
}

function waysToInstall(
  { components, debian }: { components: readonly string[]; debian: readonly string[] | undefined },
  context: DoctorContext,
): Way[] {
  const directory = context.root;
  const ways: Way[] = [];
  if (has("rustup", context))
    ways.push([{ file: "rustup", arguments: ["component", "add", ...components], directory }]);
  if (debian !== undefined && has("apt-get", context) && context.isRoot)
    ways.push([
      { file: "apt-get", arguments: ["update"], directory },
      { file: "apt-get", arguments: ["install", "-y", ...debian], directory },
    ]);
  return ways;
}

function has(name: string, { environment }: DoctorContext): boolean {
  return onPath(name, environment).length > 0;
}
