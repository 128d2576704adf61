import { dirname } from "node:path";
import { Abort, AbortedError, throwIfAborted } from "../base/abort.ts";
import { describeError, type Log } from "../base/log.ts";
import { loadRustSyntax, type RustSyntax } from "../syntax/parse.ts";
import type { NoOffer, Report } from "../stages.ts";
import type { CargoLimits } from "./cargo/cargo.ts";
import type { CargoPackage } from "./cargo/metadata.ts";
import { runCheck } from "./check/cargo-check.ts";
import { planPlainBuild } from "./check/plain-build.ts";
import type { Sharer } from "./check/sharers.ts";
import { CheckRoom } from "./check-room.ts";
import type { CheckSettings } from "./settings/check-settings.ts";
import { NoVerdict } from "./no-verdict.ts";
import { assertScriptsInside } from "./shadow/outside-packages.ts";
import {
  assertLinked,
  assertRunsNowhere,
  assertSavedOutside,
  isSeenOutside,
  ownPackage,
  packageIn,
  planCheck,
  type PlanOptions,
} from "./check/plan.ts";
import { realPathOf } from "../base/real-path.ts";
import type { FormatOptions } from "./text/rustfmt.ts";
import { projectsOf } from "./cargo/projects.ts";
import { DiskBound } from "./shadow/bound.ts";
import { assertNoUserConfig } from "./settings/user-config.ts";
import { type Workspace, Workspaces } from "./cargo/workspace.ts";
import { type RunOptions, type VerifyReport, type VerifyRequest, VerifyRun } from "./verify-run.ts";

export type { VerifyReport, VerifyRequest };

export interface Verifier {
  /** Rejects with AbortedError only; whatever else goes wrong is a NoOffer. */
  verify(request: VerifyRequest): Promise<VerifyReport | NoOffer>;
  /** Builds the shadow and the dependencies for the package of that file, at low priority. Never rejects otherwise. */
  warm(path: string, settings: CheckSettings, signal: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

export interface VerifierOptions {
  readonly cacheDirectory: string;
  readonly log: Log;
  readonly environment: NodeJS.ProcessEnv;
  /** All shadows together. Read when it is needed, since settings change. */
  readonly diskLimitMegabytes: number | (() => number);
  /** What one check may take. Read when it is needed. */
  readonly limits?: () => CargoLimits;
}

export function createVerifier(options: VerifierOptions): Verifier {
  return new ShadowVerifier(options);
}

class ShadowVerifier implements Verifier {
  readonly #options: VerifierOptions;
  readonly #workspaces: Workspaces;
  readonly #rooms = new Map<string, CheckRoom>();
  readonly #bound: DiskBound;
  #rewarming: Abort | undefined;

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#bound = new DiskBound({ ...options, limitBytes: () => this.#limitBytes() });
    this.#workspaces = new Workspaces(options.environment);
  }

  async verify(request: VerifyRequest): Promise<VerifyReport | NoOffer> {
    const { site } = request.skeleton;
    this.#rewarming?.abort("superseded");
    try {
      throwIfAborted(request.signal);
      return await this.#verify(request);
    } catch (error) {
      if (error instanceof AbortedError) throw error;
      const base = { kind: "none", stage: "verify", site: site.label } as const;
      this.#options.log.warn(`verify: ${describeError(error)}`);
      if (error instanceof NoVerdict) return { ...base, reason: error.reason, message: error.message };
      return { ...base, reason: "internal-error", message: describeError(error) };
    } finally {
      void this.#keepBound(site.document.path, request.settings);
    }
  }

  async warm(path: string, settings: CheckSettings, signal: AbortSignal): Promise<void> {
    try {
      const { room, workspace } = await this.#enter(path, settings, signal);
      await room.alone(signal, async () => {
        await room.update(workspace, new Map(), "", signal);
        const prepared = await this.#prepare(room, workspace, { settings, signal });
        const plan = await planCheck(prepared, ownPackage);
        const plain = await planPlainBuild(prepared, ownPackage, plan);
        for (const one of plain === undefined ? [plan] : [plan, plain.plan])
          await runCheck(one, room.shadow, { ...prepared, lowPriority: true });
      });
    } catch (error) {
      this.#options.log.info(`warm: ${describeError(error)}`);
    } finally {
      void this.#keepBound(path, settings);
    }
  }

  dispose(): Promise<void> {
    this.#rewarming?.abort("shutdown");
    for (const room of this.#rooms.values()) room.shadow.release();
    this.#rooms.clear();
    return Promise.resolve();
  }

  async #verify(request: VerifyRequest): Promise<VerifyReport> {
    const { skeleton, settings, signal, documents } = request;
    const started = performance.now();
    const syntax = await loadRustSyntax();
    const opened = skeleton.site.document.path;
    const path = realPathOf(opened);
    const { room, workspace } = await this.#enter(opened, settings, signal);
    const overlays = new Map(documents.map((document) => [realPathOf(document.path), document.text]));
    return room.alone(signal, async () => {
      request.report("bringing the shadow copy up to date");
      overlays.set(path, skeleton.site.document.text);
      await room.update(workspace, overlays, path, signal);
      const prepared = await this.#prepare(room, workspace, request);
      assertSavedOutside(prepared, overlays);
      const sharers = await sharersOf(room, prepared, syntax, path);
      assertRunsNowhere(prepared, syntax, path, sharers);
      const formatter = room.rustfmt.start(formatOptions(prepared, path));
      const report = await this.#run(
        { room, prepared, syntax, formatter, path, overlays, request, started },
        sharers.map((sharer) => sharer.package),
      );
      const isAccepted = report.verdicts.some(({ kind }) => kind === "accepted");
      if (isAccepted && (await room.sync.isBehind(workspace))) {
        throw new NoVerdict("stale", "files of the workspace changed while they were checked; ask again");
      }
      return report;
    });
  }

  async #run(
    run: Omit<RunOptions, "plan" | "plainBuild" | "options">,
    sharers: readonly CargoPackage[],
  ): Promise<VerifyReport> {
    const { prepared, syntax, request, formatter } = run;
    try {
      const reach = { sharers, isSeenOutside: isSeenOutside(syntax, request.skeleton) };
      const plan = await planCheck(prepared, reach);
      const plainBuild = await planPlainBuild(prepared, reach, plan);
      return await new VerifyRun({ ...run, plan, plainBuild, options: this.#options }).all();
    } finally {
      formatter.close();
    }
  }

  async #enter(
    opened: string,
    settings: CheckSettings,
    signal: AbortSignal,
  ): Promise<{ room: CheckRoom; workspace: Workspace }> {
    if (settings.notHandled !== undefined) {
      const setting = settings.notHandled;
      const message = `rust-analyzer's setting ${setting} is not followed, so a verdict would not be your own check's`;
      throw new NoVerdict("not-handled", message);
    }
    assertNoUserConfig(this.#options.environment);
    const file = { path: realPathOf(opened), opened, projects: projectsOf(settings) };
    const workspace = await this.#workspaces.locate(file, signal);
    assertLinked(workspace, settings);
    const known = this.#rooms.get(workspace.root);
    if (known !== undefined) return { room: known, workspace };
    const { cacheDirectory, environment, log } = this.#options;
    const limitBytes = this.#limitBytes();
    const room = new CheckRoom(workspace, { cacheDirectory, environment, limitBytes, log });
    this.#rooms.set(workspace.root, room);
    return { room, workspace };
  }

  async #prepare(
    room: CheckRoom,
    workspace: Workspace,
    { settings, signal, report }: Pick<VerifyRequest, "settings" | "signal"> & { readonly report?: Report },
  ): Promise<PlanOptions> {
    const { environment } = this.#options;
    const bounds = { limits: this.#options.limits?.(), report };
    const metadata = await room.metadata(workspace, settings, signal, bounds);
    const toolchain = await room.toolchain(workspace, settings, signal);
    assertScriptsInside(metadata, room.shadow);
    await room.seed(workspace, settings, signal);
    return {
      ...{ workspace, metadata, settings, toolchain, environment, signal, ...bounds },
      shadow: room.shadow,
    };
  }

  /** In the background, after a run. A shadow that has grown too large is built anew. */
  async #keepBound(path: string, settings: CheckSettings): Promise<void> {
    const rooms = [...this.#rooms.values()];
    const large = await this.#bound.look(rooms.map(({ shadow }) => shadow));
    const room = rooms.find(({ shadow }) => shadow === large);
    if (room === undefined) return;
    const { log } = this.#options;
    log.info(`${room.shadow.directory} has grown beyond the limit: its build begins anew`);
    const { signal } = (this.#rewarming = new Abort());
    try {
      await room.alone(signal, () => Promise.resolve(room.shadow.dropBuild()));
      await this.warm(path, settings, signal);
    } catch (error) {
      log.info(`nothing was dropped: ${describeError(error)}`);
    }
  }

  #limitBytes(): number {
    const { diskLimitMegabytes: limit } = this.#options;
    return (typeof limit === "number" ? limit : limit()) * 1_000_000;
  }
}

/** Other packages that are made of the document too. */
function sharersOf(
  room: CheckRoom,
  prepared: PlanOptions,
  syntax: RustSyntax,
  path: string,
): Promise<readonly Sharer[]> {
  const { shadow, metadata } = prepared;
  const packages = metadata.packages.filter(
    ({ source, manifest_path }) => source === null && shadow.userPathOf(manifest_path) !== undefined,
  );
  const own = packageIn(prepared);
  return room.sharers.of({
    ...{ syntax, own, packages },
    sources: room.sync.sources(),
    isDocument: (file) => shadow.ownPlaces.of(file) === shadow.placeOf(path),
  });
}

function formatOptions(prepared: PlanOptions, path: string): FormatOptions {
  const { shadow, settings, toolchain, signal } = prepared;
  const directory = dirname(shadow.placeOf(path));
  return { directory, edition: packageIn(prepared).edition, settings: settings.format, toolchain, signal };
}
