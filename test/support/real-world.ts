/** One real project on disk: its files, its sites, a verifier before it and the oracle behind it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { silentLog } from "../../server/base/log.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import { type CheckSettings, checkSettingsFrom } from "../../server/verify/check-settings.ts";
import { createVerifier, type Verifier } from "../../server/verify/verifier.ts";
import type { Wire } from "./editor.ts";
import { featureOptions, layRealProject, type RealProject } from "./real-crates.mjs";
import { type AppliedOffer, askOracle, type OracleReport } from "./real-oracle.ts";
import { type Candidate, candidatesIn, type RealSite, type SourceFile } from "./real-sites.ts";
import { randomFrom } from "./real-drafts.ts";

export class RealWorld {
  readonly project: RealProject;
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "armature-real-")));
  readonly root: string;
  readonly cache = join(this.base, "cache");
  readonly downloaded: readonly string[];
  readonly files: readonly SourceFile[];
  readonly #environment: NodeJS.ProcessEnv;

  constructor(project: RealProject, environment: NodeJS.ProcessEnv) {
    this.project = project;
    this.#environment = environment;
    const directory = join(this.base, "user", project.name);
    mkdirSync(directory, { recursive: true });
    const { root, downloaded } = layRealProject(project, directory);
    this.root = root;
    this.downloaded = downloaded;
    this.files = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".rs"))
      .sort()
      .map((name) => ({ path: join(root, name), name, text: readFileSync(join(root, name), "utf8") }));
  }

  /** rust-analyzer's settings as a user of this project has them. */
  get analyzerSettings(): Wire {
    const { features = [], noDefaultFeatures = false, allTargets = true } = this.project;
    return { cargo: { features, noDefaultFeatures, allTargets } };
  }

  get checkSettings(): CheckSettings {
    return checkSettingsFrom({ ...this.analyzerSettings, armature: { verify: { drafts: 16 } } });
  }

  createVerifier(): Verifier {
    const { cache: cacheDirectory } = this;
    const environment = this.#environment;
    return createVerifier({ cacheDirectory, log: silentLog, environment, diskLimitMegabytes: 20_000 });
  }

  /** Sites of every variety the project has, the rare ones first; the same ones each time. */
  *sites(syntax: RustSyntax): Generator<RealSite> {
    for (const candidate of this.#candidates(syntax)) {
      const site = candidate.cut();
      if (site !== undefined) yield site;
    }
  }

  *#candidates(syntax: RustSyntax): Generator<Candidate> {
    const random = randomFrom(this.project.name);
    const open = this.files
      .filter(({ name }) => !/(?:^|\/)(?:build\.rs|target\/|unicode_tables\/)/.test(name))
      .flatMap((file) => candidatesIn(syntax, file))
      .map((candidate) => ({ candidate, order: random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ candidate }) => candidate);
    const taken = new Map<string, number>();
    const worth = ({ varieties }: Candidate) =>
      varieties.reduce((sum, variety) => sum + 1 / (1 + (taken.get(variety) ?? 0)) ** 2, 0) /
      Math.sqrt(varieties.length);
    while (open.length > 0) {
      const best = open.reduce(
        (found, candidate, index) => (worth(candidate) > worth(open[found]!) ? index : found),
        0,
      );
      const [candidate] = open.splice(best, 1);
      if (candidate === undefined) return;
      for (const variety of candidate.varieties) taken.set(variety, (taken.get(variety) ?? 0) + 1);
      yield candidate;
    }
  }

  /** An offer's whole document as the oracle takes it. */
  applied(what: string, path: string, published: string, text: string): AppliedOffer {
    return { what, file: relative(this.root, path), published, text };
  }

  async askOracle(offers: readonly AppliedOffer[]): Promise<OracleReport> {
    const work = join(this.base, "oracle");
    const { project, root } = this;
    const report = await askOracle(offers, {
      ...{ root, work, featureOptions: featureOptions(project), packages: Object.keys(project.crates) },
      ...{ allTargets: project.allTargets ?? true, environment: this.#environment },
    });
    rmSync(work, { recursive: true, force: true });
    return report;
  }

  close(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
