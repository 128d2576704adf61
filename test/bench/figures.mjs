import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export function medianOf(values) {
  return percentile(values, 0.5);
}

/** The value below which that part of the values lies. */
export function percentile(values, part) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Resident memory of a process in MB (10^6 bytes). */
export function residentMegabytes(pid) {
  return (kibibytesOf(pid) * 1024) / 1e6;
}

function kibibytesOf(pid) {
  try {
    return Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
  } catch {
    // No /proc: macOS.
    return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }));
  }
}
