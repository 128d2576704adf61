import type { Settings } from "../../protocol/settings.ts";
import type { Log } from "../base/log.ts";
import { loadRustSyntax } from "../syntax/parse.ts";
import { resolveModel } from "./by-model/choice.ts";
import type { Bodies } from "./write-bodies.ts";

export interface CreateBodiesOptions {
  readonly settings: Settings;
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute; the model's budget is kept there. */
  readonly stateDirectory: string;
  readonly log: Log;
}

/** By the model that the user named; otherwise by analogy, and then no code that could send anything is loaded. */
export async function createBodies(options: CreateBodiesOptions): Promise<Bodies> {
  const { settings, environment, stateDirectory, log } = options;
  const choice = resolveModel(settings.model, environment);
  if (choice === undefined) {
    const { bodiesByAnalogy } = await import("./by-analogy/bodies-by-analogy.ts");
    return bodiesByAnalogy(await loadRustSyntax(), settings);
  }
  const { bodiesByModel } = await import("./by-model/bodies-by-model.ts");
  return bodiesByModel({ choice, settings: settings.model, stateDirectory, log });
}
