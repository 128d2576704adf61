import type { OwnImpl, OwnMethod } from "./own-impl.ts";

export interface Template {
  readonly text: string;
  readonly chance: number;
}

/** What a family of standard traits usually looks like for a type; [] for traits that are not of the family. */
export type Templates = (own: OwnImpl, method: OwnMethod) => Template[];
