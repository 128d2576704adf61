/** The only way in which a suite gets a verifier: each text that it accepts is recorded. */
import type { VerifyReport, VerifyRequest } from "../../../server/verify/verifier.ts";
import { createVerifier, type Verifier, type VerifierOptions } from "../../../server/verify/verifier.ts";
import { documentWith } from "../../../server/syntax/splice.ts";
import { packageAround } from "./package-around.ts";
import { recordOffer } from "./recorder.ts";

export type { Verifier } from "../../../server/verify/verifier.ts";

export interface WatchedVerifierOptions extends VerifierOptions {
  /** The folder that the user has open; otherwise it is the package of the document. */
  readonly root?: string;
}

export function createWatchedVerifier({ root, ...options }: WatchedVerifierOptions): Verifier {
  const verifier = createVerifier(options);
  return {
    warm: (path, settings, signal) => verifier.warm(path, settings, signal),
    dispose: () => verifier.dispose(),
    async verify(request) {
      const result = await verifier.verify(request);
      if (result.kind === "report") recordAccepted(result, request, options.environment, root);
      return result;
    },
  };
}

function recordAccepted(
  { verdicts }: VerifyReport,
  { skeleton, documents, settings }: VerifyRequest,
  environment: NodeJS.ProcessEnv,
  root: string | undefined,
): void {
  const { document } = skeleton.site;
  const others = documents.filter(({ path }) => path !== document.path);
  for (const verdict of verdicts) {
    if (verdict.kind !== "accepted") continue;
    recordOffer({
      route: "verifier",
      says: JSON.stringify(verdict.check),
      root: root ?? packageAround(document.path) ?? document.path,
      path: document.path,
      before: document.text,
      after: documentWith(skeleton, verdict.text),
      unsaved: new Map(others.map(({ path, text }) => [path, text])),
      settings,
      environment,
    });
  }
}
