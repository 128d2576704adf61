import type { SyntaxNode } from "../../syntax/parse.ts";

/** Names of the draft's own that hold `true` or `false` for good. */
export type KnownTruths = ReadonlyMap<string, boolean>;

/** What a condition is whatever the program does, where that can be read off it: `true`, `!false`, `1 < 2`. */
export function constantTruth(node: SyntaxNode | null, known: KnownTruths): boolean | undefined {
  if (node === null) return undefined;
  switch (node.type) {
    case "boolean_literal":
      return node.text === "true";
    case "identifier":
      return known.get(node.text);
    case "parenthesized_expression":
    case "block":
    case "expression_statement":
    case "const_block":
      return node.namedChildCount === 1 ? constantTruth(node.namedChild(0), known) : undefined;
    case "unary_expression": {
      const inner = node.text.startsWith("!") ? constantTruth(node.namedChild(0), known) : undefined;
      return inner === undefined ? undefined : !inner;
    }
    case "binary_expression":
      return ofBinary(node, known);
    case "call_expression":
      return ofCall(node, known);
    case "let_condition":
      return ofLet(node);
    case "macro_invocation":
      return constantMacro.test(node.text) ? true : undefined;
    default:
      return undefined;
  }
}

const constantMacro =
  /^(?:(?:std|core)::)?(?:cfg!\s*[([{]\s*(?:all\s*\(\s*\)|not\s*\(\s*any\s*\(\s*\)\s*\))|matches!\s*[([{][^,]*,\s*_)\s*[)\]}]$/;

function ofBinary(node: SyntaxNode, known: KnownTruths): boolean | undefined {
  const sign = node.childForFieldName("operator")?.text ?? "";
  const [left, right] = [node.childForFieldName("left"), node.childForFieldName("right")];
  if (left === null || right === null) return undefined;
  const [one, other] = [constantTruth(left, known), constantTruth(right, known)];
  if (sign === "&&" || sign === "&") {
    return one === false || other === false ? false : one === true ? other : undefined;
  }
  if (sign === "||" || sign === "|") {
    return one === true || other === true ? true : one === false ? other : undefined;
  }
  const [a, b] = [valueOf(left, one), valueOf(right, other)];
  if (a !== undefined && typeof a === typeof b) return compare(sign, a, b as typeof a);
  // A name compared with itself is no question, unless it is a number that is none.
  if (left.type !== "identifier" || left.text !== right.text) return undefined;
  return sign === "==" ? true : sign === "!=" || sign === "<" || sign === ">" ? false : undefined;
}

/** `assert!(false)`, `assert!(1 == 2)`, `assert_eq!(1, 2)`. */
export function failsAlways(macro: string, text: string): boolean {
  const said = text.replace(/\s+/g, " ");
  if (/^(?:debug_)?assert$/.test(macro)) {
    if (/! ?[([{] ?(?:\(|\{ ?)*(?:false|! ?true)\b/.test(said)) return true;
    const compared = /! ?[([{] ?(\d+) ?([=!<>]=?) ?(\d+) ?[,)\]}]/.exec(said);
    return compare(compared?.[2] ?? "", Number(compared?.[1]), Number(compared?.[3])) === false;
  }
  const [, one, other] = /! ?[([{] ?(\d+\w*|true|false) ?, ?(\d+\w*|true|false) ?[,)\]}]/.exec(said) ?? [];
  if (one === undefined) return false;
  return /assert_eq$/.test(macro) ? one !== other : /assert_ne$/.test(macro) && one === other;
}

function compare<T extends string | number | boolean>(sign: string, a: T, b: T): boolean | undefined {
  const answers: Readonly<Record<string, boolean>> = {
    ...{ "==": a === b, "!=": a !== b, "<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b, "^": a !== b },
  };
  return answers[sign];
}

/** The value of a plain literal. */
function valueOf(node: SyntaxNode, truth: boolean | undefined): string | number | boolean | undefined {
  if (truth !== undefined) return truth;
  if (node.type === "string_literal" || node.type === "char_literal") return node.text;
  if (node.type !== "integer_literal") return undefined;
  const digits = /^0[xob][0-9a-f_]+|^[0-9_]+/i.exec(node.text)?.[0].replaceAll("_", "") ?? "";
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** `identity(true)`, `black_box(true)`, `"".is_empty()`, `Some(1).is_some()`. */
function ofCall(node: SyntaxNode, known: KnownTruths): boolean | undefined {
  const called = node.childForFieldName("function");
  if (called === null) return undefined;
  if (/(?:^|::)(?:identity|black_box|bool::from)$/.test(called.text)) {
    return constantTruth(node.childForFieldName("arguments")?.namedChild(0) ?? null, known);
  }
  if (/^(?:<bool(?: as Default)?>|bool)::default$/.test(called.text)) return false;
  const receiver = called.childForFieldName("value");
  const method = called.childForFieldName("field")?.text ?? "";
  if (method === "is_empty" && receiver?.type === "string_literal") return receiver.text === '""';
  const made = /^(?:\w+::)*(Some|None|Ok|Err)\b/.exec(receiver?.text ?? "")?.[1];
  const asked = made === undefined || !isMade(receiver) ? undefined : isAbout[method];
  return asked === undefined ? undefined : asked === made;
}

const isAbout: Readonly<Record<string, string>> = {
  ...{ is_some: "Some", is_none: "None", is_ok: "Ok", is_err: "Err" },
};

/** A constructor itself, not what a method makes of it. */
function isMade(node: SyntaxNode | null): boolean {
  if (node?.type === "call_expression") {
    return node.childForFieldName("function")?.type !== "field_expression";
  }
  return (
    node?.type === "identifier" || node?.type === "generic_function" || node?.type === "scoped_identifier"
  );
}

/** `let _ = …` and `let x = …` always match, `let Some(_) = Some(…)` too. */
function ofLet(node: SyntaxNode): boolean | undefined {
  const text = /^let\s+([\s\S]*?)\s*=(?!=)/.exec(node.text)?.[1] ?? "";
  if (/^(?:mut )?[a-z_]\w*$/.test(text)) return true;
  const wanted = /^(?:\w+::)*(Some|Ok|Err)\(\s*(?:_|[a-z]\w*)\s*\)$/.exec(text)?.[1];
  const value = node.childForFieldName("value");
  if (wanted === undefined || value?.type !== "call_expression" || !isMade(value)) return undefined;
  return new RegExp(String.raw`^(?:\w+::)*${wanted}\(`).test(value.text) ? true : undefined;
}
