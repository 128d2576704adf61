/** Which published projects a run takes: those that are named, all of them, or some by the date. */
import type { RealProject } from "./real-crates.mjs";

/** ARMATURE_REAL=naga,globset takes those alone, ARMATURE_REAL=all every one. */
const wanted = (process.env.ARMATURE_REAL ?? "").split(",").filter((name) => name !== "");

export const isAll = wanted.includes("all");

/** So many a day, others each day, until all have had their turn. */
export function projectsOf(
  projects: readonly RealProject[],
  aDay: number,
  day = Math.floor(Date.now() / 86_400_000),
): readonly RealProject[] {
  if (isAll) return projects;
  if (wanted.length > 0) return projects.filter(({ name }) => wanted.includes(name));
  const start = (day * aDay) % projects.length;
  return [...projects.slice(start), ...projects.slice(0, start)].slice(0, aDay);
}
