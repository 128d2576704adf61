/** rust-analyzer's `extraArgs`, sorted by what each argument decides. */
export interface ExtraArguments {
  /** `--all-targets`, `--lib`, `--test name`, …: which targets are checked. */
  readonly targetFlags: readonly string[];
  readonly features: readonly string[];
  readonly allFeatures: boolean;
  readonly noDefaultFeatures: boolean;
  readonly triples: readonly string[];
  /** `--config`, `-Z` and `--locked`: `cargo metadata` and `cargo tree` resolve under them too. */
  readonly resolving: readonly string[];
  /** What else cargo gets: profile, jobs. What only changes how much cargo says is left out. */
  readonly others: readonly string[];
  /** `--` and all after it: arguments of clippy. */
  readonly trailing: readonly string[];
  /** The first argument that is not followed. */
  readonly refused: string | undefined;
}

type Role = "target" | "features" | "triple" | "resolving" | "other" | "silent";

/** Whether a value follows; "may" where it can only stand behind `=`. */
interface Option {
  readonly role: Role;
  readonly value: "none" | "one" | "may";
}

const option = (role: Role, value: Option["value"]): Option => ({ role, value });
// What is not here is not followed: it may write elsewhere (--target-dir, --artifact-dir, --lockfile-path, --fix),
// choose other packages or another workspace, or change what cargo prints.
const options = new Map<string, Option>([
  ...["--all-targets", "--lib", "--bins", "--examples", "--tests", "--benches"].map(entry("target", "none")),
  ...["--bin", "--example", "--test", "--bench"].map(entry("target", "one")),
  ...["--features", "-F"].map(entry("features", "one")),
  ...["--all-features", "--no-default-features"].map(entry("features", "none")),
  ...["--target"].map(entry("triple", "one")),
  ...["--config", "-Z"].map(entry("resolving", "one")),
  ...["--locked", "--frozen"].map(entry("resolving", "none")),
  ...["--release", "-r", "--ignore-rust-version", "--no-deps"].map(entry("other", "none")),
  ...["--profile", "--jobs", "-j"].map(entry("other", "one")),
  ...["--offline", "--keep-going", "--quiet", "-q", "--verbose", "-v", "-vv"].map(entry("silent", "none")),
  ...["--color"].map(entry("silent", "one")),
  ...["--timings", "--future-incompat-report"].map(entry("silent", "may")),
]);

function entry(role: Role, value: Option["value"]) {
  return (name: string): readonly [string, Option] => [name, option(role, value)];
}

/** Reads `extraArgs` as cargo would. Flags that the check has of its own (`--offline`) are not kept twice. */
export function readExtraArguments(given: readonly string[]): ExtraArguments {
  const end = given.indexOf("--");
  const found = new Map<Role, string[]>();
  let refused: string | undefined;
  const waiting = end < 0 ? [...given] : given.slice(0, end);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { name, value } = divided(next);
    const known = options.get(name);
    if (known === undefined || (known.value === "none" && value !== undefined)) {
      refused ??= next;
      continue;
    }
    const text = known.value === "one" ? (value ?? waiting.shift()) : undefined;
    if (known.value === "one" && text === undefined) refused ??= next;
    const kept = found.get(known.role) ?? [];
    found.set(known.role, [...kept, name, ...(text === undefined ? [] : [text])]);
  }
  const of = (role: Role) => found.get(role) ?? [];
  return {
    targetFlags: of("target"),
    features: valuesOf(of("features"), ["--features", "-F"]).flatMap((list) =>
      list.split(/[\s,]+/).filter(isNamed),
    ),
    allFeatures: of("features").includes("--all-features"),
    noDefaultFeatures: of("features").includes("--no-default-features"),
    triples: valuesOf(of("triple"), ["--target"]),
    resolving: of("resolving"),
    others: of("other"),
    trailing: end < 0 ? [] : given.slice(end),
    refused,
  };
}

/** `--name=value`, and the short options with their value attached (`-Zname`, `-j4`). */
function divided(argument: string): { readonly name: string; readonly value: string | undefined } {
  const long = /^(--[^=]+)=([\s\S]*)$/.exec(argument);
  if (long !== null) return { name: long[1] ?? "", value: long[2] };
  const short = /^(-[ZFj])=?([\s\S]+)$/.exec(argument);
  if (short !== null) return { name: short[1] ?? "", value: short[2] };
  return { name: argument, value: undefined };
}

function valuesOf(list: readonly string[], names: readonly string[]): readonly string[] {
  return list.filter((_, index) => names.includes(list[index - 1] ?? ""));
}

function isNamed(feature: string): boolean {
  return feature !== "";
}
