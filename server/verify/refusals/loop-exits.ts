import type { SyntaxNode } from "../../syntax/parse.ts";

export interface FlowAnswers {
  /** The code never comes to its end. */
  isNever(node: SyntaxNode): boolean;
  /** What the node's condition is whatever the program does. */
  truth(node: SyntaxNode): boolean | undefined;
}

/**
 * How control can leave a piece of code other than at its end: "return", "break", or the label of a break. Every
 * answer is kept, so that nested loops cost no more than others.
 */
export class LoopExits {
  readonly #answers: FlowAnswers;
  readonly #known = new Map<number, ReadonlySet<string>>();

  constructor(answers: FlowAnswers) {
    this.#answers = answers;
  }

  of(node: SyntaxNode): ReadonlySet<string> {
    const known = this.#known.get(node.id);
    if (known !== undefined) return known;
    const exits = new Set<string>();
    this.#collect(node, exits);
    this.#known.set(node.id, exits);
    return exits;
  }

  #collect(node: SyntaxNode, exits: Set<string>): void {
    const exit = exitOf(node);
    if (exit !== undefined && !node.namedChildren.some((child) => this.#answers.isNever(child)))
      exits.add(exit);
    for (const child of this.#liveParts(node)) {
      const label = labelOf(child);
      const isLoop = loops.has(child.type);
      for (const inner of this.of(child)) {
        if (!isLoop || (inner !== "break" && inner !== label)) exits.add(inner);
      }
      // What stands behind code that never returns is dead.
      if (node.type === "block" && this.#answers.isNever(child)) return;
    }
  }

  #liveParts(node: SyntaxNode): readonly SyntaxNode[] {
    if (separate.has(node.type)) return [];
    const truth = node.type === "if_expression" ? this.#answers.truth(node) : undefined;
    if (truth === undefined) return node.namedChildren;
    const part = node.childForFieldName(truth ? "consequence" : "alternative");
    return part === null ? [] : [part];
  }
}

function exitOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case "break_expression":
      return labelOf(node) ?? "break";
    case "return_expression":
    case "try_expression":
      return "return";
    case "macro_invocation":
      return mayLeave(node) ? "return" : undefined;
    default:
      return undefined;
  }
}

function labelOf(node: SyntaxNode): string | undefined {
  return node.namedChildren.find(({ type }) => type === "label")?.text;
}

/** A macro that is not the standard library's may hide a `return`; the others hold one only in their arguments. */
function mayLeave(node: SyntaxNode): boolean {
  const name = lastSegment(node.childForFieldName("macro")?.text ?? "");
  if (!isStandardMacro(name) && !panics.has(name)) return true;
  return /\b(?:return|break)\b|\?/.test(node.text.replace(/"(?:[^"\\]|\\.)*"/g, ""));
}

/** Something is done in the loop beyond waiting. */
export function works(loop: SyntaxNode): boolean {
  return loop
    .descendantsOfType(["call_expression", "macro_invocation", "await_expression"])
    .some((node) => !waiting.test(node.childForFieldName("function")?.text ?? ""));
}

const waiting = /(?:^|::)(?:yield_now|sleep|park|park_timeout|spin_loop|black_box)$|^Duration::/;

/** `0..`, `repeat(…)`, `….cycle()`, and what is made of them without an end. */
export function isEndless(node: SyntaxNode | null): boolean {
  const value = node?.text.replace(/\s/g, "") ?? "";
  if (/\.(?:take|take_while|map_while|zip|scan|fuse|next|nth|find|position|any|all)\(/.test(value))
    return false;
  return /^\(?\d+\w*\.\.\)?(?:$|\.)|(?:^|::)(?:repeat|repeat_with|successors)\(|\.cycle\(\)/.test(value);
}

export function isStandardMacro(name: string): boolean {
  return standardNames.has(name);
}

export function lastSegment(path: string): string {
  return path.split("::").at(-1)?.split(".").at(-1)?.trim() ?? "";
}

export const panics: ReadonlySet<string> = new Set(["panic", "unreachable", "todo", "unimplemented"]);
const loops = new Set(["loop_expression", "while_expression", "for_expression"]);
/** Code that runs at another time. */
const separate = new Set(["closure_expression", "async_block", "gen_block", "function_item", "const_block"]);
const standardNames = new Set([
  ...[
    "assert",
    "debug_assert",
    "assert_eq",
    "assert_ne",
    "debug_assert_eq",
    "debug_assert_ne",
    "vec",
    "format",
  ],
  ...["write", "writeln", "print", "println", "eprint", "eprintln", "matches", "dbg", "concat", "stringify"],
]);
