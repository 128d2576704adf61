/** One real project on disk: its files, its sites, a verifier before it and the oracle behind it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { silentLog } from "../../server/base/log.ts";
import type { RustSyntax } from "../../server/syntax/parse.ts";
import { documentWith } from "../../server/syntax/splice.ts";
import { type CheckSettings, checkSettingsFrom } from "../../server/verify/settings/check-settings.ts";
import { createWatchedVerifier, type Verifier } from "./held/watched-verifier.ts";
import type { Wire } from "./editor.ts";
import { AnalogyDrafts } from "./real-analogy.ts";
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
  readonly #asked = new Set<string>();

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

  newVerifier(): Verifier {
    const { cache: cacheDirectory } = this;
    const environment = this.#environment;
    return createWatchedVerifier({ cacheDirectory, log: silentLog, environment, diskLimitMegabytes: 20_000 });
  }

  /** Sites of every variety and file that the project has, the rare ones first; the same ones each time. */
  *sites(syntax: RustSyntax): Generator<RealSite> {
    for (const candidate of this.#varied(this.#candidates(syntax))) {
      const site = candidate.cut();
      if (site !== undefined) yield site;
    }
  }

  /**
   * Sites as people fill them: some arms of several are taken out, so that there is something to learn from. Those
   * with a draft by analogy and any others take turns.
   */
  async sitesToFill(syntax: RustSyntax, count: number): Promise<readonly RealSite[]> {
    const analogy = new AnalogyDrafts(syntax, this.files);
    const likely: RealSite[] = [];
    const others: RealSite[] = [];
    let looked = 0;
    for (const candidate of this.#varied(this.#candidates(syntax))) {
      if (likely.length >= count / 2 || looked > 15 * count) break;
      const site = candidate.cut(Math.max(1, Math.floor(candidate.entries / 3)));
      if (site === undefined) continue;
      looked += 1;
      ((await analogy.of(site)).length > 0 ? likely : others).push(site);
    }
    return [...likely, ...others.slice(0, count - likely.length)];
  }

  #candidates(syntax: RustSyntax): readonly Candidate[] {
    const random = randomFrom(this.project.name);
    return this.files
      .filter(({ name }) => !/(?:^|\/)(?:build\.rs|target\/|unicode_tables\/)/.test(name))
      .flatMap((file) => candidatesIn(syntax, file))
      .map((candidate) => ({ candidate, order: random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ candidate }) => candidate);
  }

  *#varied(candidates: readonly Candidate[]): Generator<Candidate> {
    const open = [...candidates];
    const taken = new Map<string, number>();
    const traits = ({ varieties, place }: Candidate) => [...varieties, place.split(":")[0] ?? ""];
    const worth = (candidate: Candidate) => {
      const rarities = traits(candidate).map((trait) => 1 / (1 + (taken.get(trait) ?? 0)) ** 2);
      return rarities.reduce((sum, rarity) => sum + rarity, 0) / Math.sqrt(rarities.length);
    };
    while (open.length > 0) {
      const values = open.map(worth);
      const best = values.indexOf(Math.max(...values));
      const [candidate] = open.splice(best, 1);
      if (candidate === undefined) return;
      for (const trait of traits(candidate)) taken.set(trait, (taken.get(trait) ?? 0) + 1);
      yield candidate;
    }
  }

  /** An offer's whole document as the oracle takes it. */
  applied(what: string, { path, published, skeleton }: RealSite, text: string): AppliedOffer {
    const open = documentWith(skeleton, skeleton.text);
    return { what, file: relative(this.root, path), published, text, open };
  }

  async askOracle(offers: readonly AppliedOffer[]): Promise<OracleReport> {
    const work = join(this.base, "oracle");
    const { project, root } = this;
    for (const { file, text } of offers) this.#asked.add(`${file}\0${text}`);
    const report = await askOracle(offers, {
      ...{ root, work, featureOptions: featureOptions(project), packages: Object.keys(project.crates) },
      environment: this.#environment,
    });
    rmSync(work, { recursive: true, force: true });
    return report;
  }

  /** Whether plain cargo was asked of this text. */
  hasAsked(file: string, text: string): boolean {
    return this.#asked.has(`${file}\0${text}`);
  }

  close(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}
