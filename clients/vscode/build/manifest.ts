import packageDescription from "../../../package.json" with { type: "json" };
import { launcherSetting } from "../src/launcher.ts";
import { settingsProperties } from "./settings-properties.ts";

/** In the order of the command palette; the ids are in no namespace of the server's own commands. */
export const commands = [
  { command: "armature.fillHere", title: "Fill here" },
  { command: "armature.whyNothing", title: "Why nothing?" },
  { command: "armature.showEvidence", title: "Show the evidence" },
  { command: "armature.runDoctor", title: "Doctor" },
  { command: "armature.openSettings", title: "Settings" },
  { command: "armature.restart", title: "Restart rust-analyzer" },
] as const;

export type CommandId = (typeof commands)[number]["command"];

const inRust = "editorLangId == rust";
const ofAnEditor: readonly CommandId[] = [
  "armature.fillHere",
  "armature.whyNothing",
  "armature.showEvidence",
];

/** The extension's `package.json`. Written here and not by hand, so that it cannot differ from the settings. */
export function manifest() {
  return {
    name: "armature",
    publisher: "armature",
    displayName: "Armature for Rust",
    description:
      "Match arms and impl members that cargo check has already accepted. Works through the rust-analyzer extension.",
    version: packageDescription.version,
    license: packageDescription.license,
    categories: ["Programming Languages", "Snippets", "AI"],
    keywords: ["rust", "rust-analyzer", "completion", "match"],
    engines: { vscode: "^1.101.0" },
    main: "./extension.js",
    // Where the code and cargo are: in remote windows that is the other machine.
    extensionKind: ["workspace"],
    activationEvents: ["onLanguage:rust", "workspaceContains:Cargo.toml", "workspaceContains:*/Cargo.toml"],
    capabilities: {
      untrustedWorkspaces: {
        supported: false,
        description: "Checking compiles the workspace, which runs its build scripts and macros.",
      },
      virtualWorkspaces: { supported: false, description: "cargo needs the files on a disk." },
    },
    contributes: {
      commands: commands.map((command) => ({ ...command, category: "Armature" })),
      menus: {
        commandPalette: ofAnEditor.map((command) => ({ command, when: inRust })),
      },
      configuration: { title: "Armature", properties: settingsProperties() },
      // The user's own setting wins, and it goes with the extension. Holds in remote windows too, where what user
      // settings say of this key does not.
      configurationDefaults: { "rust-analyzer.server.path": launcherSetting },
      walkthroughs: [walkthrough],
    },
  };
}

const walkthrough = {
  id: "first-offer",
  title: "The first verified body",
  description: "Armature adds bodies in match and impl blocks, checked by cargo before you see them.",
  steps: [
    {
      id: "analyzer",
      title: "rust-analyzer stays",
      description:
        "Armature works through the rust-analyzer extension and its connection; its settings stay as they are. Without it, Armature starts rust-analyzer itself.\n[Show the rust-analyzer extension](command:extension.open?%5B%22rust-lang.rust-analyzer%22%5D)",
      media: { markdown: "walkthrough/analyzer.md" },
    },
    {
      id: "doctor",
      title: "Is everything there?",
      description:
        "cargo, rust-analyzer and the sources of the standard library are needed.\n[Run the doctor](command:armature.runDoctor)",
      media: { markdown: "walkthrough/doctor.md" },
      completionEvents: ["onCommand:armature.runDoctor"],
    },
    {
      id: "fill",
      title: "Fill a match",
      description:
        "Put the cursor on a blank line of a `match` with arms missing and press Tab on the ghost text, or ask.\n[Fill here](command:armature.fillHere)",
      media: { markdown: "walkthrough/fill.md" },
      completionEvents: ["onCommand:armature.fillHere"],
    },
    {
      id: "evidence",
      title: "What was checked, and who wrote it",
      description:
        "Each offer says which check accepted it and where each body comes from.\n[Show the evidence](command:armature.showEvidence)",
      media: { markdown: "walkthrough/evidence.md" },
      completionEvents: ["onCommand:armature.showEvidence"],
    },
    {
      id: "model",
      title: "A model, if you want one",
      description:
        "None is asked until you name one and its endpoint.\n[Open the settings](command:armature.openSettings)",
      media: { markdown: "walkthrough/model.md" },
      completionEvents: ["onCommand:armature.openSettings"],
    },
  ],
} as const;
