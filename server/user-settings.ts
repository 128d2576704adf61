import { parseSettings, type Settings } from "../protocol/settings.ts";
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
