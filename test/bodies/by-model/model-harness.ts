import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import { settingsSchema, type Settings } from "../../../protocol/settings.ts";
import { Abort } from "../../../server/base/abort.ts";
import { createLog } from "../../../server/base/log.ts";
import { type BodyModel, createBodyModel } from "../../../server/bodies/by-model/body-model.ts";
import { resolveModel } from "../../../server/bodies/by-model/choice.ts";
import type { Draft, Facts, NoOffer } from "../../../server/stages.ts";
import { type ModelServer, type Script, startModelServer } from "../../support/model-server.ts";
import { matchFacts } from "./sample-facts.ts";

/** A model behind a scripted endpoint, with everything it logged. */
export interface Bench {
  readonly server: ModelServer;
  readonly model: BodyModel;
  readonly logged: () => string;
  readonly propose: (facts?: Facts, signal?: AbortSignal) => Promise<readonly Draft[] | NoOffer>;
}

export interface BenchOptions {
  readonly settings?: Partial<Settings["model"]>;
  readonly environment?: Readonly<Record<string, string>>;
}

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

export async function startBench(
  script: Script,
  { settings, environment }: BenchOptions = {},
): Promise<Bench> {
  const server = await startModelServer(script);
  const stateDirectory = await mkdtemp(join(tmpdir(), "armature-model-"));
  cleanups.push(
    () => server.close(),
    () => rm(stateDirectory, { recursive: true }),
  );
  const all = {
    ...settingsSchema.parse({}).model,
    name: "tiny",
    baseUrl: server.baseUrl,
    candidates: 1,
    ...settings,
  };
  const choice = resolveModel(all, environment ?? {});
  if (choice === undefined) throw new Error("the bench names a model");
  const lines: string[] = [];
  const log = createLog({ level: "debug", write: (line) => lines.push(line), now: () => new Date(0) });
  const model = createBodyModel({ choice, settings: all, stateDirectory, log, now: () => new Date() });
  return {
    server,
    model,
    logged: () => lines.join(""),
    propose: (facts = matchFacts(), signal = new Abort().signal) =>
      model.propose({ facts, signal, report() {} }),
  };
}

/** Texts and binders by hole id, for snapshots. */
export function summary(drafts: readonly Draft[] | NoOffer): unknown {
  if ("stage" in drafts) return drafts;
  return drafts.map(({ fillings }) =>
    Object.fromEntries(
      [...fillings].map(([id, { text, binders }]) => [
        id,
        binders === undefined ? text : [text, ...binders.values()],
      ]),
    ),
  );
}
