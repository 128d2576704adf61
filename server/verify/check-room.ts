import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { untilAborted } from "../base/abort.ts";
import type { Log } from "../base/log.ts";
import { shadowEnvironment } from "./check/cargo-check.ts";
import { cargoHomeOf } from "./cargo/settings-files.ts";
import type { CheckSettings } from "./settings/check-settings.ts";
import type { CargoMetadata } from "./cargo/metadata.ts";
import { NoVerdict } from "./no-verdict.ts";
import { type CargoPlace, resolveWorkspace } from "./check/resolve-workspace.ts";
import type { Shadow } from "./shadow/shadow.ts";
import { Sharers } from "./check/sharers.ts";
import { FilesBeside } from "./shadow/beside.ts";
import { fitIndex } from "./shadow/git-index.ts";
import { Seeder } from "./shadow/seed.ts";
import { claimShadow } from "./shadow/slots.ts";
import { ShadowSync } from "./shadow/sync.ts";
import { strayFilesAbove } from "./shadow/scan.ts";
import { activeToolchain, settingsStamp } from "./cargo/toolchain.ts";
import { isInside } from "../base/real-path.ts";
import { Rustfmt } from "./text/rustfmt.ts";
import { SourceWords } from "./judge/source-words.ts";
import type { Workspace } from "./cargo/workspace.ts";

export interface RoomOptions {
  readonly cacheDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly limitBytes: number;
  readonly log: Log;
}

/** One workspace's shadow with what is known of it. Only one may work in it at a time. */
export class CheckRoom {
  readonly shadow: Shadow;
  readonly sync: ShadowSync;
  readonly words = new SourceWords();
  readonly sharers = new Sharers();
  readonly rustfmt: Rustfmt;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #seeder: Seeder;
  readonly #beside: FilesBeside;
  #turn: Promise<unknown> = Promise.resolve();
  #metadata: { readonly key: string; readonly value: CargoMetadata } | undefined;
  #toolchain: { readonly stamp: string; readonly name: string | undefined } | undefined;

  constructor(workspace: Workspace, { cacheDirectory, environment, limitBytes, log }: RoomOptions) {
    this.#environment = environment;
    this.shadow = claimShadow(cacheDirectory, workspace.root, log);
    assertApart(this.shadow, workspace, environment);
    this.rustfmt = new Rustfmt(environment, log);
    this.sync = new ShadowSync(this.shadow, limitBytes);
    this.#beside = new FilesBeside(this.shadow);
    const cargoHome = cargoHomeOf(environment);
    this.#seeder = new Seeder({ shadow: this.shadow, cargoHome, limitBytes, log });
  }

  /** Waits for its turn. What runs already is not disturbed: it warms the same shadow. */
  async alone<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    let done = () => {};
    this.#turn = before.then(() => new Promise<void>((resolve) => (done = resolve)));
    const release = () => void before.then(() => done());
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      release();
    }
  }

  /** Brings the shadow up to date; see {@link ShadowSync.sync}. */
  async update(
    workspace: Workspace,
    documents: ReadonlyMap<string, string>,
    placed: string,
    signal: AbortSignal,
  ): Promise<void> {
    const options = { environment: this.#environment, signal };
    this.sync.beside = await this.#beside.list(workspace, placed, options);
    await this.sync.sync(workspace, documents, placed);
    for (const [root, repository] of this.sync.unfitted) {
      await fitIndex(repository, this.shadow, { ...options, rewritten: this.sync.rewritten });
      this.sync.unfitted.delete(root);
    }
  }

  async toolchain(
    workspace: Workspace,
    { extraEnvironment }: CheckSettings,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const environment = { ...this.#environment, ...extraEnvironment };
    const stamp = settingsStamp(workspace.root, environment);
    if (this.#toolchain?.stamp === stamp) return this.#toolchain.name;
    const name = await activeToolchain(workspace.root, environment, signal);
    this.#toolchain = { stamp, name };
    return name;
  }

  /** `cargo metadata` with everything resolved, in the shadow; kept until a manifest or the lock file changes, or a file comes or goes. */
  async metadata(
    workspace: Workspace,
    settings: CheckSettings,
    signal: AbortSignal,
    bounds: Pick<CargoPlace, "limits" | "report"> = {},
  ): Promise<CargoMetadata> {
    const key = this.#metadataKey(workspace, settings);
    if (this.#metadata?.key === key) return this.#metadata.value;
    const toolchain = await this.toolchain(workspace, settings, signal);
    const environment = shadowEnvironment({ settings, toolchain }, this.#environment);
    const cwd = this.shadow.placeOf(workspace.root);
    const value = await resolveWorkspace({
      ...bounds,
      shadow: this.shadow,
      cwd,
      environment,
      settings,
      signal,
    });
    this.#metadata = { key: this.#metadataKey(workspace, settings), value };
    return value;
  }

  /** Takes over what the user has built of the dependencies. */
  async seed(workspace: Workspace, settings: CheckSettings, signal: AbortSignal): Promise<void> {
    const metadata = await this.metadata(workspace, settings, signal);
    await this.#seeder.seed({ buildDirectory: workspace.buildDirectory, metadata, settings, signal });
  }

  #metadataKey(workspace: Workspace, settings: CheckSettings): string {
    const files = [...workspace.manifests, join(workspace.root, "Cargo.lock")];
    const times = files.map(
      (file) => statSync(this.shadow.placeOf(file), { throwIfNoEntry: false })?.mtimeMs,
    );
    const stamp = settingsStamp(workspace.root, { ...this.#environment, ...settings.extraEnvironment });
    return createHash("sha256")
      .update(JSON.stringify([files, times, settings, this.sync.shape, stamp]))
      .digest("hex");
  }
}

function assertApart(shadow: Shadow, workspace: Workspace, environment: NodeJS.ProcessEnv): void {
  const root = workspace.roots.find((candidate) => isInside(shadow.directory, candidate));
  if (root !== undefined) {
    const message = `the cache directory lies inside the workspace ${root}; set armature.verify.cacheDirectory`;
    throw new NoVerdict("not-handled", message);
  }
  const [stray] = strayFilesAbove(shadow.directory, workspace.root, cargoHomeOf(environment));
  if (stray === undefined) return;
  const message = `${stray} stands above the cache directory and would change the check; set armature.verify.cacheDirectory`;
  throw new NoVerdict("not-handled", message);
}
