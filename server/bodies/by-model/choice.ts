import type { Settings } from "../../../protocol/settings.ts";

/** The model the user named. Without one there is no choice, no client and no request. */
export interface ModelChoice {
  readonly name: string;
  /** As the user gave it; undefined where no endpoint was named, and then no request is sent either. */
  readonly baseUrl: string | undefined;
  readonly keyVariable: string;
  /** The key, undefined where the variable is not set. A function, so that no dump of a choice holds the key. */
  readonly readKey: () => string | undefined;
}

/**
 * What settings and environment name, settings first; undefined where no model is named, whatever keys and
 * base URLs of other programs the environment holds (`OPENAI_BASE_URL` is never read).
 */
export function resolveModel(
  settings: Settings["model"],
  environment: Readonly<Record<string, string | undefined>>,
): ModelChoice | undefined {
  const name = firstNamed(settings.name, environment.ARMATURE_MODEL);
  if (name === undefined) return undefined;
  return {
    name,
    baseUrl: firstNamed(settings.baseUrl, environment.ARMATURE_MODEL_BASE_URL),
    keyVariable: settings.apiKeyEnv,
    readKey: () => firstNamed(environment[settings.apiKeyEnv]),
  };
}

function firstNamed(...candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.map((candidate) => candidate?.trim()).find((candidate) => candidate);
}
