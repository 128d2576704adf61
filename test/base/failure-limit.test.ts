import { expect, test } from "vitest";
import { withFailureLimit } from "../../server/base/failure-limit.ts";
import { createLog } from "../../server/base/log.ts";

function counted() {
  const lines: string[] = [];
  const reached: number[] = [];
  let time = 0;
  const write = (line: string) => lines.push(line);
  const log = withFailureLimit({
    log: createLog({ level: "info", write, now: () => new Date(0) }),
    now: () => time,
    onReached: () => reached.push(time),
  });
  const failEvery = (milliseconds: number, times: number) => {
    for (let round = 0; round < times; round += 1) {
      time += milliseconds;
      log.error("oh");
    }
  };
  return { log, lines, reached, failEvery };
}

test("failures without end are said until it is enough, and then no more", () => {
  const { lines, reached, failEvery } = counted();
  failEvery(1, 10_000);
  expect(reached).toEqual([20]);
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toContain("Armature turns itself off");
});

test("failures now and then turn nothing off, and other lines count for nothing", () => {
  const { log, reached, failEvery } = counted();
  for (let round = 0; round < 1_000; round += 1) log.warn("hm");
  failEvery(5_000, 1_000);
  expect(reached).toEqual([]);
});
