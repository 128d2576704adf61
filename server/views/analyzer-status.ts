import packageDescription from "../../package.json" with { type: "json" };

/** Bug reports show this text: they must show that Armature stood in between (design §3). */
export function analyzerStatusTransform(result: unknown): unknown {
  if (typeof result !== "string") return undefined;
  return `Armature ${packageDescription.version} stands between this editor and rust-analyzer.\n\n${result}`;
}
