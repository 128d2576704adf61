import { expect, test } from "vitest";
import { startModelServer } from "./model-server.ts";

async function ask(baseUrl: string, body: unknown): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, { method: "POST", body: JSON.stringify(body) });
}

const messages = [
  { role: "user", content: '{"id":"h1","kind":"body","name":"Circle","owner":"Shape::Circle(_)"}' },
];

test("the scripted endpoint takes its steps in turn, repeats the last, and records what it was asked", async () => {
  const server = await startModelServer([
    { kind: "status", status: 429, headers: { "retry-after": "7" } },
    { kind: "bodies", answers: [{ "Shape::Circle(_)": "1.0" }, { h1: "2.0" }] },
  ]);
  const limited = await ask(server.baseUrl, { messages });
  expect(limited.status).toBe(429);
  expect(limited.headers.get("retry-after")).toBe("7");
  for (let asked = 0; asked < 2; asked += 1) {
    const answer = await (await ask(server.baseUrl, { messages, n: 2 })).text();
    expect(answer).toContain(String.raw`{\"h1\":{\"body\":\"1.0\"}}`);
    expect(answer).toContain(String.raw`{\"h1\":{\"body\":\"2.0\"}}`);
  }
  expect(server.requests.map(({ body }) => body.n)).toEqual([undefined, 2, 2]);
  await server.close();
});

test("the scripted endpoint streams where it is asked to", async () => {
  const server = await startModelServer([{ kind: "text", texts: ["a rather long answer"] }]);
  const text = await (await ask(server.baseUrl, { messages, stream: true })).text();
  const pieces = [...text.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]);
  expect(pieces.length).toBeGreaterThan(1);
  expect(pieces.join("")).toBe("a rather long answer");
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  await server.close();
});
