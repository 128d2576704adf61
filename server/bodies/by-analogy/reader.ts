import type { MethodExample } from "../../stages.ts";
import { readSignature } from "../../syntax/impl-examples.ts";
import type { RustSyntax } from "../../syntax/parse.ts";
import { type Pattern, readPatternText } from "../../syntax/patterns.ts";
import { type Code, type FragmentKind, readCode } from "../../syntax/tokens.ts";

/** Reads each text once: the same arms are asked for by several rules and holes. Lives for one site. */
export class Reader {
  readonly #syntax: RustSyntax;
  readonly #codes = new Map<string, Code | undefined>();
  readonly #patterns = new Map<string, Pattern | undefined>();
  readonly #signatures = new Map<string, MethodExample | undefined>();

  constructor(syntax: RustSyntax) {
    this.#syntax = syntax;
  }

  code(text: string, kind: FragmentKind = "expression"): Code | undefined {
    return once(this.#codes, `${kind} ${text}`, () => readCode(this.#syntax, text, kind));
  }

  pattern(text: string): Pattern | undefined {
    return once(this.#patterns, text, () => readPatternText(this.#syntax, text));
  }

  signature(text: string): MethodExample | undefined {
    return once(this.#signatures, text, () => readSignature(this.#syntax, text));
  }
}

function once<T>(known: Map<string, T>, key: string, read: () => T): T {
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found as T;
  const value = read();
  known.set(key, value);
  return value;
}
