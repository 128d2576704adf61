import { existsSync } from "node:fs";
import { join } from "node:path";
import { findAnalyzer } from "../relay/analyzer.ts";
import { askCommand } from "./ask-command.ts";
import type { DoctorContext, Finding } from "./finding.ts";
import { installRemedy, rustRemedy } from "./remedies.ts";

const sourcesAndAnalyzer = {
  components: ["rust-analyzer", "rust-src"],
  debian: ["rust-web-analyzer", "rust-web-src"],
};

/** The library of Debian's rust-web-src, which belongs to no toolchain of rustup. */
const debianLibrary = "/usr/lib/rustlib/src/rust/library";

export async function checkAnalyzer(context: DoctorContext): Promise<Finding> {
  const name = "rust-analyzer";
  const { environment, settings, self } = context;
  const found = await findAnalyzer({ setting: settings.rustAnalyzer.path, environment, self });
  const remedy = installRemedy(sourcesAndAnalyzer, context);
  if (found.path === undefined) return { name, state: "bad", found: withoutAdvice(found.error), remedy };
  const version = await askCommand(found.path, ["--version"], { directory: context.root, context });
  if (version.problem !== undefined)
    return { name, state: "bad", found: `${found.path}: ${version.problem}`, remedy };
  return { name, state: "ok", found: `${version.stdout.replace("rust-analyzer ", "")}, ${found.path}` };
}

/** Asked in the folder that the user works in: a toolchain file there decides which one answers. */
export async function checkCargo(context: DoctorContext): Promise<Finding> {
  return checkVersion("cargo", context);
}

export async function checkRustc(context: DoctorContext): Promise<Finding> {
  return checkVersion("rustc", context);
}

/** Without the sources rust-analyzer knows no type of std, and says so only in a status message. */
export async function checkSources(context: DoctorContext): Promise<Finding> {
  const name = "rust-src";
  const sysroot = await askCommand("rustc", ["--print", "sysroot"], { directory: context.root, context });
  if (sysroot.problem !== undefined)
    return { name, state: "bad", found: `rustc: ${sysroot.problem}`, remedy: rustRemedy() };
  const library = join(sysroot.stdout, "lib", "rustlib", "src", "rust", "library");
  if (hasSources(library)) return { name, state: "ok", found: library };
  const remedy = installRemedy({ components: ["rust-src"], debian: ["rust-web-src"] }, context);
  if (!hasSources(debianLibrary))
    return { name, state: "bad", found: `not in ${sysroot.stdout}, so types of std are unknown`, remedy };
  return {
    name,
    state: "warn",
    found: `not in ${sysroot.stdout}, so types of std are unknown; Debian's are in ${debianLibrary}`,
    remedy: {
      text: `\`rustup component add rust-src\`, or set rust-analyzer.cargo.sysrootSrc to ${debianLibrary}`,
      // Debian's package is there already: only rustup can still do something.
      ways: remedy.ways.filter((way) => way[0]?.file === "rustup"),
    },
  };
}

export async function checkRustfmt(context: DoctorContext): Promise<Finding> {
  const name = "rustfmt";
  const version = await askCommand("rustfmt", ["--version"], { directory: context.root, context });
  if (version.problem === undefined) return { name, state: "ok", found: version.stdout };
  const remedy = installRemedy({ components: ["rustfmt"] }, context);
  return { name, state: "warn", found: `${version.problem}; offers stay as they were written`, remedy };
}

async function checkVersion(name: string, context: DoctorContext): Promise<Finding> {
  const version = await askCommand(name, ["--version"], { directory: context.root, context });
  if (version.problem === undefined) return { name, state: "ok", found: version.stdout };
  return { name, state: "bad", found: version.problem, remedy: rustRemedy() };
}

function hasSources(library: string): boolean {
  return existsSync(join(library, "core"));
}

/** The message of the search ends with what to install; here that is the remedy's line. */
function withoutAdvice(message: string): string {
  return message
    .split("\n")
    .filter((line) => !line.startsWith("Install it with"))
    .map((line) => line.trim())
    .join("; ")
    .replace("Tried:;", "Tried");
}
