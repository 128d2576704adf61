import type { NoOffer, Site } from "../stages.ts";
import { type AnalyzerAccess, askTwice } from "./analyzer-action.ts";

/**
 * Why rust-analyzer sees nothing missing, where the reason is that it does not know the file: it then answers
 * as if all was well. undefined: it does, or cannot be asked (`experimental/openCargoToml` is an extension).
 */
export async function unknownToAnalyzer(access: AnalyzerAccess, site: Site): Promise<NoOffer | undefined> {
  const params = { textDocument: { uri: access.document.uri } };
  const manifest = await askTwice(access, "experimental/openCargoToml", params).catch(() => "not asked");
  if (manifest !== null) return undefined;
  return {
    kind: "none",
    stage: "facts",
    reason: "outside-workspace",
    message:
      "rust-analyzer knows no crate with this file: no `mod` that it follows leads here from a Cargo.toml that it has " +
      "loaded (it follows no `#[path]` out of a package's folder)",
    site: site.label,
  };
}
