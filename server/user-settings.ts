import { parseSettings, type Settings } from "../protocol/settings.ts";
import { resolveModel } from "./bodies/by-model/choice.ts";
import type { Log } from "./base/log.ts";
import { type CheckSettings, checkSettingsFrom } from "./verify/settings/check-settings.ts";

export interface UserSettingsOptions {
  readonly log: Log;
  readonly notifyEditor: (method: string, params: unknown) => void;
}

/** rust-analyzer's section as the editor last gave it, and what it means for us. */
export class UserSettings {
  readonly #options: UserSettingsOptions;
  readonly #warned = new Set<string>();
  #section = "";
  #own: Settings = parseSettings(undefined).settings;
  #check: CheckSettings = checkSettingsFrom(undefined);

  constructor(options: UserSettingsOptions) {
    this.#options = options;
  }

  get own(): Settings {
    return this.#own;
  }

  get check(): CheckSettings {
    return this.#check;
  }

  /** Asking costs requests to a model, or runs what rust-analyzer is kept from running: a person has to want it. */
  startsOnlyByHand(environment: NodeJS.ProcessEnv): boolean {
    return this.#check.keptFromRunning.length > 0 || resolveModel(this.#own.model, environment) !== undefined;
  }

  /** To be called before each job. */
  sayWhatRuns(): void {
    const names = this.#check.keptFromRunning.join(" and ");
    if (names === "") return;
    this.#options.log.warn(
      `somebody asked, so build scripts and macros of the workspace may run, though ${names} keep rust-analyzer from it`,
    );
  }

  /** @returns Whether anything is different now. */
  read(section: unknown, root: string): boolean {
    // rust-analyzer keeps what it has where an editor answers with nothing.
    if (typeof section !== "object" || section === null || Object.keys(section).length === 0) return false;
    const text = JSON.stringify(section);
    if (text === this.#section) return false;
    this.#section = text;
    this.#check = checkSettingsFrom(section, root);
    const { settings, warnings } = parseSettings("armature" in section ? section.armature : undefined);
    this.#own = settings;
    for (const warning of [...this.#check.warnings, ...warnings]) this.#warn(`settings: ${warning}`);
    return true;
  }

  /** Shown once each: the person has written what is wrong, and waits for what it was to do. */
  #warn(message: string): void {
    this.#options.log.warn(message);
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    const warning = 2;
    this.#options.notifyEditor("window/showMessage", { type: warning, message: `Armature: ${message}` });
  }
}
