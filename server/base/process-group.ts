import { readdirSync, readFileSync } from "node:fs";

/** Signals every process of the group that this one leads. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}

/** Resolves when no process of the group lives, at the latest after the patience (milliseconds). */
export async function groupGone(pid: number, patience: number): Promise<void> {
  const end = performance.now() + patience;
  while (performance.now() < end && ((await groupMembers(pid)) ?? []).length > 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface GroupMember {
  readonly pid: number;
  /** Memory that is the process's own: what it shares with others (rustc's libraries) is not counted for each. */
  readonly bytes: number;
}

// Some 15 µs each on Linux; the relay is never held up for longer than a few milliseconds.
const processesPerStep = 100;

/** Living processes of the group. undefined where the system does not tell (no /proc). */
export async function groupMembers(group: number): Promise<readonly GroupMember[] | undefined> {
  if (process.platform !== "linux") return undefined;
  const members: GroupMember[] = [];
  let steps = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    steps += 1;
    if (steps % processesPerStep === 0) await new Promise((resolve) => setImmediate(resolve));
    const [state, , ownGroup] = statOf(name);
    if (Number(ownGroup) !== group || state === "Z" || state === "X") continue;
    members.push({ pid: Number(name), bytes: ownBytes(name) });
  }
  return members;
}

/** The fields of /proc/PID/stat that follow the name, which may hold anything: state, parent, group, … */
function statOf(pid: string): readonly string[] {
  const text = readIfThere(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** RssAnon and RssShmem, or all of VmRSS where a kernel does not tell them apart. */
function ownBytes(pid: string): number {
  const status = readIfThere(`/proc/${pid}/status`);
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB`, "m").exec(status)?.[1] ?? "0");
  const own = kilobytes("RssAnon") + kilobytes("RssShmem");
  return (own > 0 ? own : kilobytes("VmRSS")) * 1_024;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    // The process has ended meanwhile.
    return "";
  }
}
