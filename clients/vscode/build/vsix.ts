import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync, type Zippable } from "fflate";

export interface VsixOptions {
  /** As `package.json` of the extension; an object, since it is written at packaging. */
  readonly manifest: {
    readonly name: string;
    readonly publisher: string;
    readonly version: string;
    readonly displayName: string;
    readonly description: string;
    readonly categories: readonly string[];
    readonly keywords: readonly string[];
    readonly engines: { readonly vscode: string };
    readonly extensionKind: readonly string[];
  };
  /** "linux-x64", "darwin-arm64", … as VS Code names platforms. */
  readonly target: string;
  /** Folders whose files go into `extension/`, with the place they take there. */
  readonly folders: readonly { readonly from: string; readonly to: string }[];
}

/** A `.vsix`: a zip with VS Code's own manifest, the types of its files, and the extension below `extension/`. */
export async function packVsix({ manifest, target, folders }: VsixOptions): Promise<Uint8Array> {
  const files: Zippable = {
    "extension.vsixmanifest": strToU8(vsixManifest(manifest, target)),
    "extension/package.json": strToU8(`${JSON.stringify(manifest, null, 2)}\n`),
  };
  for (const { from, to } of folders)
    for (const [path, content] of await filesBelow(from)) files[`extension/${to}${path}`] = content;
  files["[Content_Types].xml"] = strToU8(contentTypes(Object.keys(files)));
  // One time for all files: the same sources give the same bytes.
  return zipSync(files, { level: 9, mtime: "1980-01-01T00:00:00" });
}

async function filesBelow(folder: string): Promise<[string, Uint8Array][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(
    paths.map(async (path): Promise<[string, Uint8Array]> => [
      path.slice(folder.length + 1).replaceAll("\\", "/"),
      await readFile(path),
    ]),
  );
}

export function vsixManifest(manifest: VsixOptions["manifest"], target: string): string {
  const text = (value: string) => value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${text(manifest.name)}" Version="${text(manifest.version)}" Publisher="${text(manifest.publisher)}" TargetPlatform="${text(target)}" />
    <DisplayName>${text(manifest.displayName)}</DisplayName>
    <Description xml:space="preserve">${text(manifest.description)}</Description>
    <Tags>${text(manifest.keywords.join(","))}</Tags>
    <Categories>${text(manifest.categories.join(","))}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${text(manifest.engines.vscode)}" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="${text(manifest.extensionKind.join(","))}" />
    </Properties>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code" /></Installation>
  <Dependencies />
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true" />
  </Assets>
</PackageManifest>
`;
}

function contentTypes(paths: readonly string[]): string {
  const known: Readonly<Record<string, string>> = {
    json: "application/json",
    js: "application/javascript",
    md: "text/markdown",
    png: "image/png",
    txt: "text/plain",
    vsixmanifest: "text/xml",
    wasm: "application/wasm",
  };
  const endings = [...new Set(paths.map((path) => path.split(".").pop() ?? ""))].sort();
  const rows = endings.map(
    (ending) =>
      `  <Default Extension=".${ending}" ContentType="${known[ending] ?? "application/octet-stream"}" />`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
${rows.join("\n")}
</Types>
`;
}
