/** The reported cases on disk, with one session by analogy and one with a model for all that can share them. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { FillResult } from "../../protocol/methods.ts";
import { type Session, startSession } from "../slow/session-world.ts";
import type { CaseToolchain } from "./case-toolchains.ts";
import { uriOf } from "./editor.ts";
import type { HeldOffer } from "./held/offer-faults.ts";
import { holdMembers } from "./held/hold-members.ts";
import { type Offered, setOffersAside } from "./held/recorder.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { candidatesFor, type ReportedCase } from "./reported-cases.ts";

/** Cases in a workspace of their own because of their settings, and all others in one. */
interface Group {
  readonly base: string;
  /** The workspace. */
  readonly root: string;
  readonly settings: object;
  readonly sessions: Map<boolean, Promise<Session>>;
}

export class ReportedWorld {
  readonly #toolchain: CaseToolchain;
  readonly #groups = new Map<ReportedCase, Group>();
  readonly #model: Promise<ModelServer>;
  #asked: ReportedCase | undefined;

  constructor(toolchain: CaseToolchain, cases: readonly ReportedCase[]) {
    this.#toolchain = toolchain;
    const usual = cases.filter(({ settings }) => settings === undefined);
    const shared = this.#lay(usual, {});
    setOffersAside(shared.root, (offers) => this.#hold(offers, shared, usual));
    cpSync(shared.root, copyOf(shared), { recursive: true });
    for (const one of cases)
      this.#groups.set(one, one.settings === undefined ? shared : this.#lay([one], one.settings));
    this.#model = startModelServer(({ body }) => {
      const prompt = body.messages?.map(({ content }) => content).join("\n") ?? "";
      return { kind: "bodies", answers: this.#asked === undefined ? [] : candidatesFor(this.#asked, prompt) };
    });
  }

  async fill(reported: ReportedCase, byModel: boolean): Promise<FillResult> {
    const { root } = this.#groupOf(reported);
    const session = await this.#session(reported, byModel);
    const uri = uriOf(join(root, reported.name, reported.cursor.file));
    this.#asked = reported;
    await session.editor.open(uri);
    try {
      return await session.fill(uri, reported.cursor.offset);
    } finally {
      await session.editor.close(uri);
    }
  }

  /** Offers are held afterwards, in the copy. */
  async close(): Promise<void> {
    for (const { root, sessions } of new Set(this.#groups.values())) {
      for (const session of sessions.values()) await (await session).close();
      rmSync(root, { recursive: true, force: true });
    }
    await (await this.#model).close();
  }

  #groupOf(reported: ReportedCase): Group {
    const group = this.#groups.get(reported);
    if (group === undefined) throw new Error(`${reported.name} was not laid`);
    return group;
  }

  #session(reported: ReportedCase, byModel: boolean): Promise<Session> {
    const { root, settings, sessions } = this.#groupOf(reported);
    const known = sessions.get(byModel);
    if (known !== undefined) return known;
    const session = this.#model.then(({ baseUrl }) =>
      startSession({
        workspace: { root, uri: uriOf(root) },
        environment: this.#toolchain.environment,
        analyzer: {
          ...{ cargo: { buildScripts: { enable: true } }, procMacro: { enable: true } },
          ...settings,
        },
        armature: {
          verify: { timeoutMilliseconds: 120_000 },
          ...(byModel ? { model: { name: "scripted", baseUrl } } : {}),
        },
      }),
    );
    sessions.set(byModel, session);
    return session;
  }

  #lay(cases: readonly ReportedCase[], settings: object): Group {
    const base = realpathSync(mkdtempSync(join(tmpdir(), "armature-reported-")));
    const root = join(base, "cases");
    for (const { name, files } of cases) {
      for (const [file, text] of files) {
        const path = join(root, name, file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
    }
    const members = cases.map(({ name }) => JSON.stringify(name)).join(", ");
    writeFileSync(join(root, "Cargo.toml"), `[workspace]\nresolver = "2"\nmembers = [${members}]\n`);
    const { environment } = this.#toolchain;
    spawnSync("cargo", ["fetch", "--quiet"], { cwd: root, env: environment, stdio: "inherit" });
    return { base, root, settings, sessions: new Map() };
  }

  /** A case that expects an offer is green with it. */
  async #hold(
    offers: readonly Offered[],
    group: Group,
    cases: readonly ReportedCase[],
  ): Promise<readonly HeldOffer[]> {
    const copy = copyOf(group);
    const caseOf = (name: string) =>
      cases.find((one) => name === one.name || name.startsWith(`${one.name}/`));
    const held = await holdMembers(offers, {
      ...{ copy, root: group.root, environment: this.#toolchain.environment },
      memberOf: (path) => caseOf(path)?.name ?? "",
      packageOf: (member) => caseOf(member)?.package ?? "",
    });
    rmSync(group.base, { recursive: true, force: true });
    return held.map(({ offer, faults, errors }) => {
      const one = caseOf(relative(group.root, offer.path));
      const mustBeGreen =
        [one?.byAnalogy, one?.byModel].includes("offer") && !/adds no error/.test(offer.says);
      const left = mustBeGreen ? errors.map((error) => `leaves an error: ${error}`) : [];
      return { offer, faults: faults.length > 0 ? faults : left };
    });
  }
}

function copyOf({ base }: Group): string {
  return join(base, "copy");
}
