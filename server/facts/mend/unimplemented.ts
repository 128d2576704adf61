import type { FrameError } from "../../stages.ts";
import { cfgsOf } from "./configured.ts";
import type { Mend, MendContext } from "./mend.ts";

/** Members that only a build has which rust-analyzer does not look at, as their trait declares them. */
export function unimplemented(error: FrameError, { definition, skeleton }: MendContext): Mend | undefined {
  if (error.code !== "E0046" || skeleton.site.kind !== "impl") return undefined;
  const names = [...error.message.matchAll(/`(\w+)`/g)].flatMap(([, name]) => name ?? []);
  const entries = names.flatMap((name) => {
    const member = definition.find((part) => part.name === name);
    const attributes = cfgsOf(member);
    return member?.signature === undefined || attributes.length === 0
      ? []
      : [{ head: member.signature, attributes }];
  });
  return entries.length === names.length ? { entries } : undefined;
}
