import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ModelServer, type Script, type Step, startModelServer } from "../support/model-server.ts";
import { createWorkspace, type Workspace } from "../support/workspace.ts";
import {
  accepted,
  applied,
  bestOf,
  ownActions,
  ownItems,
  type Session,
  shortly,
  startSession,
  until,
} from "./session-world.ts";

const marked = `
//- /src/lib.rs
/// What one can draw.
pub enum Shape {
    Circle { radius: f64 },
    Named(String),
}

pub fn label(shape: &Shape) -> String {
    match shape {
$0
    }
}
`;

const circle = 'Shape::Circle { radius } => format!("circle {radius}"),';
const right = { Circle: 'format!("circle {radius}")', Named: { body: "name.clone()", binders: ["name"] } };
const withNamed = (body: string) => ({ ...right, Named: { body, binders: ["name"] } });

const invented = withNamed("Shape::Triangle.label()");
const wrongType = withNamed("name.len()");
const borrow = withNamed("{ let moved = String::new(); drop(moved); moved }");
const closesEarly = withNamed("name.clone() } } fn evil() {");
const lazy = withNamed("todo!()");

/** One server for all stories: each sets the script that it needs. */
let script: Script = [];
let server: ModelServer;
let workspace: Workspace;
let session: Session;
let uri = "";
let offset = 0;

const named = (settings: object = {}) => ({
  model: { name: "tiny", baseUrl: server.baseUrl, candidates: 1, repairRounds: 0, ...settings },
});

async function ask(steps: Script, settings: object = {}) {
  script = steps;
  await session.configure(named(settings));
  const before = server.requests.length;
  const result = await session.fill(uri, offset);
  return { result, requests: server.requests.slice(before) };
}

beforeAll(async () => {
  server = await startModelServer((request, index) =>
    typeof script === "function" ? script(request, index) : (script[0] as Step),
  );
  workspace = createWorkspace(marked);
  ({ uri, offset } = workspace.cursor);
  session = await startSession({
    workspace,
    armature: named(),
    environment: { OPENAI_API_KEY: "sk-scripted" },
  });
  await session.editor.open(uri);
});
afterAll(async () => {
  await session.close();
  await server.close();
  workspace.remove();
});

describe("of a model's answers", () => {
  const answers = [invented, wrongType, borrow, closesEarly, lazy, right];
  let offered = "";

  it("only the right one is offered by armature/fill, and armature/why tells of the others", async () => {
    const { result } = await ask([{ kind: "bodies", answers }], { candidates: 6 });
    expect(result).toMatchObject({ kind: "offers", offers: [{ open: 0 }] });
    expect(result.kind === "offers" && result.offers).toHaveLength(1);
    offered = applied(session.editor.text(uri), bestOf(result).edit);
    expect(offered).toContain(circle);
    expect(offered).toContain("Shape::Named(name) => name.clone(),");
    expect(offered).not.toMatch(/Triangle|len\(\)|moved|evil/);

    const why = await session.why(uri, offset);
    const dropped = why?.dropped.map(({ verdict, reason }) => `${verdict} ${reason.split(":")[0] ?? ""}`);
    expect(dropped?.toSorted()).toEqual([
      "refused leaves-its-hole",
      "refused not-a-body",
      "rejected E0308",
      "rejected E0382",
      "rejected E0599",
    ]);
  });

  it("only the right one comes as a completion item when asked by hand, and then as a code action", async () => {
    script = [{ kind: "bodies", answers }];
    await session.configure(named({ candidates: 6 }));
    const before = server.requests.length;
    const params = { ...session.editor.at(uri, offset), context: { triggerKind: 1 } };
    const items = ownItems(await session.editor.request("textDocument/completion", params));
    expect(items.map((item) => accepted(session.editor.text(uri), item))).toEqual([offered]);
    const actions = await ownActions(session, uri, offset);
    expect(actions.map(({ edit }) => applied(session.editor.text(uri), edit))).toEqual([offered]);
    expect(server.requests).toHaveLength(before + 1);
  });

  it("none is offered where all are wrong, and the compiler's reason is given", async () => {
    const all = [{ Circle: "radius", Named: "7" }];
    const { result } = await ask([{ kind: "bodies", answers: all }]);
    expect(shortly(result)).toBe("verify/all-rejected");
    expect(result.kind === "none" && result.message).toContain("E0308");
    expect(await ownActions(session, uri, offset)).not.toContainEqual(
      expect.objectContaining({ edit: expect.anything() as unknown }),
    );
  });
});

describe("a model's endpoint that fails", () => {
  it.each<[string, Step, object, string]>([
    ["is down", { kind: "cut" }, { baseUrl: "http://127.0.0.1:9/v1" }, "model-unreachable"],
    ["refuses the key", { kind: "status", status: 401 }, {}, "model-refused"],
    ["limits the rate", { kind: "status", status: 429 }, {}, "model-limited"],
    ["hangs", { kind: "hang" }, {}, "model-timeout"],
    ["hangs in the middle of its answer", { kind: "hang-in-body" }, {}, "model-timeout"],
    ["answers garbage", { kind: "garbage", body: "<html>busy</html>" }, {}, "model-garbage"],
    ["answers broken JSON", { kind: "text", texts: ['{"h1": {"body": "x'] }, {}, "model-garbage"],
  ])("that %s costs the offer, with the reason, and nothing else", async (_how, step, settings, reason) => {
    script = [step];
    await session.configure(named({ timeoutMilliseconds: 1_500, ...settings }));
    const { editor } = session;
    const onShape = editor.at(uri, editor.text(uri).indexOf("Shape") + 1);
    const asked = session.fill(uri, offset);
    const hover = await editor.request("textDocument/hover", onShape);
    expect(JSON.stringify(hover)).toContain("What one can draw");
    expect(shortly(await asked)).toBe(`bodies/${reason}`);
    expect((await session.why(uri, offset))?.outcome).toMatchObject({ kind: "none", reason });
  });

  it("that hangs does not hold up a hover", async () => {
    script = [{ kind: "hang" }];
    await session.configure(named({ timeoutMilliseconds: 3_000 }));
    const before = server.requests.length;
    let isDone = false;
    const asked = session.fill(uri, offset).finally(() => (isDone = true));
    await until(() => server.requests.length > before);
    await session.editor.request("textDocument/hover", session.editor.at(uri, offset - 40));
    expect(isDone).toBe(false);
    expect(shortly(await asked)).toBe("bodies/model-timeout");
  });
});

describe("without a model named", () => {
  it("no request leaves, whatever another program's variables say", async () => {
    script = [{ kind: "bodies", answers: [right] }];
    const before = server.requests.length;
    await session.configure({});
    await session.fill(uri, offset);
    expect(server.requests).toHaveLength(before);
    // The control: the same ask with a name arrives at the same server.
    await session.configure(named());
    await session.fill(uri, offset);
    expect(server.requests.length).toBeGreaterThan(before);
  });
});

describe("a repair round", () => {
  const wrongThenRight: Script = (_request, index) => ({
    kind: "bodies",
    answers: [index === first ? invented : right],
  });
  let first = 0;

  it("gives the model the compiler's diagnostic and the real variants, and its answer is offered", async () => {
    first = server.requests.length;
    const { result, requests } = await ask(wrongThenRight, { repairRounds: 2 });
    expect(requests).toHaveLength(2);
    const prompt = JSON.stringify(requests[1]?.body.messages);
    expect(prompt).toContain("E0599");
    expect(prompt).toContain("Triangle");
    expect(prompt).toMatch(/Circle.*Named/s);
    expect(bestOf(result)).toMatchObject({ open: 0, evidence: { rounds: 1 } });
  });

  it("is followed by one more at most", async () => {
    const wrong: Script = (_request, index) => ({
      kind: "bodies",
      answers: [{ Circle: `wrong_${index}(radius)`, Named: `worse_${index}()` }],
    });
    const { result, requests } = await ask(wrong, { repairRounds: 2 });
    expect(requests).toHaveLength(3);
    expect(shortly(result)).toBe("verify/all-rejected");
  });
});
