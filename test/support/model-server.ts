/**
 * A scripted endpoint of the OpenAI chat completions protocol on 127.0.0.1. Each request gets the next step of
 * the script; the last step repeats.
 *
 * From the command line, with a JSON file that holds an array of steps (it prints the base URL):
 *   npx esbuild test/support/model-server.ts --bundle --platform=node --format=esm --outfile=model-server.mjs
 *   node model-server.mjs script.json
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";

/** Bodies keyed by hole id, or by the name or owner of the hole; a string is a body without binders. */
export type ScriptedAnswer = Readonly<
  Record<
    string,
    string | null | { readonly body: string | null; readonly binders?: readonly string[] | undefined }
  >
>;

export type Step =
  /** Bodies as a JSON object. Candidate k of a request gets answer k, round and round. */
  | {
      readonly kind: "bodies";
      readonly answers: readonly ScriptedAnswer[];
      /** One answer to each request whatever `n` says; the next request gets the next answer. */
      readonly ignoresN?: boolean;
      readonly usage?: number;
    }
  /** The contents of each choice, word for word. */
  | { readonly kind: "text"; readonly texts: readonly string[]; readonly finish?: string }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly message?: string;
      readonly code?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** No answer before the server closes. */
  | { readonly kind: "hang" }
  /** Headers and half an answer, then nothing before the server closes. */
  | { readonly kind: "hang-in-body" }
  /** 200 with this body, which is no chat completion. */
  | { readonly kind: "garbage"; readonly body: string; readonly contentType?: string }
  | { readonly kind: "cut" }
  /** An answer without end. */
  | { readonly kind: "flood" };

export interface ScriptedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: ChatBody;
}

export interface ChatBody {
  readonly model?: string;
  readonly n?: number;
  readonly messages?: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: { readonly type: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

export interface ModelServer {
  /** `http://127.0.0.1:…/v1` */
  readonly baseUrl: string;
  /** Every request so far, in order of arrival. */
  readonly requests: readonly ScriptedRequest[];
  /** Requests whose connection the other side closed before the answer was out. */
  readonly hungUp: () => number;
  close(): Promise<void>;
}

export type Script = readonly Step[] | ((request: ScriptedRequest, index: number) => Step);

export async function startModelServer(script: Script): Promise<ModelServer> {
  const requests: ScriptedRequest[] = [];
  let hungUp = 0;
  const server = createServer((incoming, outgoing) => {
    outgoing.on("close", () => {
      if (!outgoing.writableFinished) hungUp += 1;
    });
    void readRequest(incoming).then((request) => {
      const index = requests.push(request) - 1;
      const step =
        typeof script === "function" ? script(request, index) : script[Math.min(index, script.length - 1)];
      perform(step ?? { kind: "status", status: 500 }, request, index, outgoing);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    hungUp: () => hungUp,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return {
    path: incoming.url ?? "",
    headers: incoming.headers,
    body: text === "" ? {} : (JSON.parse(text) as ChatBody),
  };
}

function perform(step: Step, request: ScriptedRequest, index: number, outgoing: ServerResponse): void {
  switch (step.kind) {
    case "bodies":
      return sendCompletion(outgoing, request, bodiesFor(step, request, index), { usage: step.usage });
    case "text":
      return sendCompletion(outgoing, request, step.texts, { finish: step.finish });
    case "status": {
      const error = { message: step.message ?? `scripted ${step.status}`, code: step.code ?? null };
      return sendJson(outgoing, step.status, { error }, step.headers);
    }
    case "hang":
      return;
    case "hang-in-body":
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.write('{"choices": [');
      return;
    case "garbage":
      outgoing.writeHead(200, { "content-type": step.contentType ?? "application/json" });
      outgoing.end(step.body);
      return;
    case "cut":
      outgoing.destroy();
      return;
    case "flood":
      outgoing.writeHead(200, { "content-type": "application/json" });
      return flood(outgoing);
  }
}

function flood(outgoing: ServerResponse): void {
  const block = Buffer.alloc(256 * 1024, " ");
  const write = () => {
    while (!outgoing.destroyed && outgoing.write(block));
  };
  outgoing.on("drain", write);
  write();
}

function sendJson(
  outgoing: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(JSON.stringify(value));
}

/** Streamed where the request asks for it: the same contents, a few characters at a time. */
function sendCompletion(
  outgoing: ServerResponse,
  { body }: ScriptedRequest,
  texts: readonly string[],
  { finish = "stop", usage }: { readonly finish?: string | undefined; readonly usage?: number | undefined },
): void {
  const base = { id: "scripted", created: 0, model: body.model };
  const counted = usage === undefined ? {} : { usage: { total_tokens: usage } };
  if (body.stream !== true) {
    const choices = texts.map((content, index) => ({
      index,
      message: { role: "assistant", content },
      finish_reason: finish,
    }));
    return sendJson(outgoing, 200, { ...base, object: "chat.completion", choices, ...counted });
  }
  outgoing.writeHead(200, { "content-type": "text/event-stream" });
  const send = (choice: unknown) => {
    const chunk = { ...base, object: "chat.completion.chunk", choices: [choice] };
    outgoing.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  for (const [index, text] of texts.entries()) {
    for (const content of text.match(/[\s\S]{1,8}/g) ?? []) send({ index, delta: { content } });
    send({ index, delta: {}, finish_reason: finish });
  }
  outgoing.end("data: [DONE]\n\n");
}

function bodiesFor(
  { answers, ignoresN }: Extract<Step, { kind: "bodies" }>,
  request: ScriptedRequest,
  index: number,
): readonly string[] {
  const holes = holesOf(request);
  const count = ignoresN === true ? 1 : (request.body.n ?? 1);
  const first = ignoresN === true ? index : 0;
  return Array.from({ length: count }, (_, k) => {
    const answer = answers[(first + k) % answers.length] ?? {};
    const byId = holes.flatMap(({ id, name, owner }) => {
      const key = [id, name, owner].find((candidate) => Object.hasOwn(answer, candidate));
      if (key === undefined) return [];
      const given = answer[key];
      return [[id, typeof given === "object" && given !== null ? given : { body: given }] as const];
    });
    return JSON.stringify(Object.fromEntries(byId));
  });
}

/** The prompt lists its holes as one JSON object a line. */
function holesOf({ body }: ScriptedRequest): readonly { id: string; name: string; owner: string }[] {
  const text = body.messages?.map((message) => message.content).join("\n") ?? "";
  return text
    .split("\n")
    .filter((line) => line.startsWith('{"id":"h'))
    .map((line) => JSON.parse(line) as { id: string; name: string; owner: string });
}

async function main(file: string | undefined): Promise<void> {
  const steps: Step[] = file === undefined ? [] : (JSON.parse(await readFile(file, "utf8")) as Step[]);
  const server = await startModelServer(steps);
  process.stdout.write(`${server.baseUrl}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(process.argv[2]);
}
