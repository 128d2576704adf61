import { silentLog } from "../base/log.ts";
import { resolveModel } from "../bodies/by-model/choice.ts";
import type { DoctorContext, Finding } from "./finding.ts";

/** One small question to the model that the user named. Only when asked for: it leaves the machine. */
export async function checkModel(context: DoctorContext): Promise<Finding> {
  const name = "model";
  const { settings, environment, cacheDirectory, signal } = context;
  const choice = resolveModel(settings.model, environment);
  if (choice === undefined)
    return {
      name,
      state: "warn",
      found: "none is named, so bodies come by analogy and nothing leaves this machine",
      remedy: { text: "set ARMATURE_MODEL and ARMATURE_MODEL_BASE_URL to use one", ways: [] },
    };
  const { createBodyModel } = await import("../bodies/by-model/body-model.ts");
  const model = createBodyModel({
    choice,
    settings: settings.model,
    stateDirectory: cacheDirectory,
    log: silentLog,
    now: () => new Date(),
  });
  const answer = await model.check(signal);
  const at = `${choice.name} at ${choice.baseUrl ?? "no base URL"}`;
  if (answer.ok) return { name, state: "ok", found: `${at} answered in ${answer.milliseconds} ms` };
  return {
    name,
    state: "bad",
    found: `${at}: ${answer.message}`,
    remedy: { text: `look at ARMATURE_MODEL, ARMATURE_MODEL_BASE_URL and ${choice.keyVariable}`, ways: [] },
  };
}
