import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { dirname, isAbsolute, join, parse } from "node:path";
import { describeError, type Log } from "../../base/log.ts";
import { isInside, realPathOf } from "../../base/real-path.ts";
import { ShadowClock } from "./clock.ts";
import { guarded } from "./failure.ts";
import { OwnPlaces } from "./own-places.ts";

/**
 * One shadow copy on disk, held by this process. The only writer of disk in this stage, and it writes below its
 * own directory only.
 */
export class Shadow {
  /** `slot-N` of the workspace: holds everything below. */
  readonly directory: string;
  /** The user's files by absolute path. */
  readonly tree: string;
  readonly targetDirectory: string;
  readonly buildDirectory: string;
  readonly ownPlaces = new OwnPlaces(this);
  readonly #log: Log;
  readonly #clock: ShadowClock;
  #temporary = 0;
  #checks = 0;

  constructor(directory: string, log: Log) {
    this.directory = directory;
    this.#log = log;
    this.tree = join(directory, "tree");
    this.targetDirectory = join(directory, "target");
    this.buildDirectory = join(directory, "build");
    this.#clock = guarded(directory, () => {
      // What another process did not come to the end of.
      rmSync(join(directory, "temporary"), { recursive: true, force: true });
      for (const part of ["tree", "temporary"]) mkdirSync(join(directory, part), { recursive: true });
      // Who uses a shadow again marks it as used, for the removal of old ones.
      writeFileSync(join(directory, "used"), "");
      // Who looks for a repository upwards without heeding GIT_CEILING_DIRECTORIES ends here.
      writeFileSync(join(directory, ".git"), "");
      // Clippy reads the nearest: where the user's tree has none, that must not be one above the shadow.
      writeFileSync(join(directory, "clippy.toml"), "");
      return new ShadowClock(directory, this.outputs);
    });
  }

  /** Where cargo builds: before 1.91 all in the first, since then all that matters in the second. */
  get outputs(): readonly string[] {
    return [this.targetDirectory, this.buildDirectory];
  }

  /** How many there were in this process. */
  get checks(): number {
    return this.#checks;
  }

  /** Where a file of the user stands in the shadow. */
  placeOf(path: string): string {
    const { root } = parse(path);
    return join(this.tree, root.replace(/[:\\/]/g, ""), path.slice(root.length));
  }

  /** The user's path of a file of the shadow; undefined for a file that is not in the tree. */
  userPathOf(place: string): string | undefined {
    if (!isInside(place, this.tree) || place === this.tree) return undefined;
    return place.slice(this.tree.length);
  }

  /** A text of a tool's with the shadow's paths as the user knows them. */
  inUserPaths(text: string): string {
    return text.replaceAll(this.tree, "");
  }

  /** Writes bytes in place of the user's file. */
  write(path: string, bytes: Uint8Array): void {
    this.#put(path, (temporary) => writeFileSync(temporary, bytes));
  }

  copy(path: string, from: string): void {
    this.#put(path, (temporary) => copyFileSync(from, temporary, constants.COPYFILE_FICLONE));
  }

  /** The same without holding up the event loop. */
  async copyLarge(path: string, from: string): Promise<void> {
    const copied = this.#nextTemporary();
    try {
      await copyFile(from, copied, constants.COPYFILE_FICLONE);
    } catch (error) {
      guarded(copied, () => {
        throw error;
      });
    }
    this.#put(path, (temporary) => renameSync(copied, temporary));
  }

  link(path: string, target: string): void {
    const inside = isAbsolute(target) ? this.placeOf(target) : target;
    this.#put(path, (temporary) => symlinkSync(inside, temporary));
  }

  makeDirectory(path: string): void {
    const place = this.placeOf(path);
    guarded(place, () => {
      this.#assertOwn(place);
      mkdirSync(place, { recursive: true });
    });
  }

  remove(path: string): void {
    const place = this.placeOf(path);
    guarded(place, () => {
      if (!existsSync(dirname(place))) return;
      this.#assertOwn(place);
      rmSync(place, { recursive: true, force: true });
    });
  }

  /** Everything of the user's files goes; what was built stays. */
  wipe(): void {
    guarded(this.tree, () => {
      rmSync(this.tree, { recursive: true, force: true });
      mkdirSync(this.tree, { recursive: true });
    });
  }

  /** A new empty directory, on the same file system, for what is prepared before it takes its place. */
  stage(): string {
    const staged = this.#nextTemporary();
    guarded(staged, () => mkdirSync(staged, { recursive: true }));
    return staged;
  }

  /** Gives what was prepared its place in one of the {@link outputs}, at once. */
  adopt(staged: string, place: string): void {
    guarded(place, () => {
      const output = this.outputs.find((directory) => isInside(place, directory));
      mkdirSync(dirname(place), { recursive: true });
      this.#assertOwn(place, output);
      rmSync(place, { recursive: true, force: true });
      renameSync(staged, place);
    });
  }

  /** A file of our own beside the tree. */
  saveBeside(name: string, text: string): void {
    const file = join(this.directory, name);
    guarded(file, () => {
      const temporary = this.#nextTemporary();
      writeFileSync(temporary, text);
      renameSync(temporary, file);
    });
  }

  removeBeside(name: string): void {
    const file = join(this.directory, name);
    guarded(file, () => rmSync(file, { force: true }));
  }

  readBeside(name: string): string | undefined {
    const file = join(this.directory, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** To be awaited right before a check: what is written after it will be newer than what the check builds. */
  async beginCheck(signal: AbortSignal): Promise<void> {
    if ((await this.#clock.begin(signal)) === "fine") return;
    this.#log.info(`the clock was set back: ${this.directory} is built anew`);
    this.dropBuild();
  }

  endCheck(): void {
    this.#checks += 1;
    guarded(this.directory, () => this.#clock.end());
  }

  /** Everything that was built goes. */
  dropBuild(): void {
    for (const directory of this.outputs) {
      const aside = this.#nextTemporary();
      guarded(directory, () => {
        if (existsSync(directory)) renameSync(directory, aside);
      });
      rm(aside, { recursive: true, force: true }).catch((error: unknown) => {
        this.#log.warn(`${aside} could not be removed: ${describeError(error)}`);
      });
    }
  }

  release(): void {
    rmSync(`${this.directory}.lock`, { force: true });
  }

  #put(path: string, make: (temporary: string) => void): void {
    const place = this.placeOf(path);
    guarded(place, () => {
      const temporary = this.#nextTemporary();
      make(temporary);
      mkdirSync(dirname(place), { recursive: true });
      this.#assertOwn(place);
      renameSync(temporary, place);
      this.#renew(place);
    });
  }

  #renew(place: string): void {
    const state = statSync(place, { throwIfNoEntry: false });
    if (state === undefined || state.mtimeMs > this.#clock.last) return;
    const time = (this.#clock.last + 10) / 1_000;
    utimesSync(place, time, time);
  }

  /** A build script may have put a link where a directory was: nothing is ever written through it. */
  #assertOwn(place: string, part = this.tree): void {
    const real = realPathOf(dirname(place));
    if (!isInside(real, part)) throw new Error(`${place} leads out of the shadow to ${real}`);
  }

  #nextTemporary(): string {
    this.#temporary += 1;
    return join(this.directory, "temporary", String(this.#temporary));
  }
}
