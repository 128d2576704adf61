import { spawnSync } from "node:child_process";

/** As rustfmt writes it; where it cannot read the text, what it says of it. */
export function formatted(text: string, environment: NodeJS.ProcessEnv): string {
  const run = spawnSync("rustfmt", ["--edition", "2024"], {
    input: text,
    env: environment,
    encoding: "utf8",
  });
  return run.status === 0 ? run.stdout : `not formatted: ${run.stderr}`;
}

/** Whether the user's text is formatted. The cursor's line is left out where it is blank: nobody's formatter leaves it. */
export function isFormatted(text: string, cursor: number, environment: NodeJS.ProcessEnv): boolean {
  const start = text.lastIndexOf("\n", cursor - 1) + 1;
  const end = text.indexOf("\n", cursor) + 1;
  const isBlank = text.slice(start, end).trim() === "";
  const without = isBlank ? text.slice(0, start) + text.slice(end) : text;
  return formatted(without, environment) === without;
}
