/**
 * Methods of the standard library that are written by means of another one unless an impl writes them itself:
 * who calls the first calls the second. Source: the provided methods and blanket impls in std's documentation.
 */
export const detours: Readonly<Record<string, readonly string[]>> = {
  ...{
    ne: ["PartialEq::eq"],
    to_string: ["Display::fmt"],
    to_owned: ["Clone::clone"],
    clone_from: ["Clone::clone"],
    cloned: ["Clone::clone"],
  },
  ...each(["lt", "le", "gt", "ge"], "PartialOrd::partial_cmp"),
  ...each(["max", "min", "clamp"], "Ord::cmp"),
  ...each(
    [
      ...[
        "nth",
        "last",
        "count",
        "find",
        "find_map",
        "position",
        "any",
        "all",
        "fold",
        "for_each",
        "try_fold",
      ],
      ...["try_for_each", "reduce", "sum", "product", "collect", "partition", "advance_by"],
    ],
    "Iterator::next",
  ),
  ...each(["nth_back", "rfind", "rfold", "rposition"], "DoubleEndedIterator::next_back"),
  ...{ len: ["Iterator::size_hint"], is_empty: ["ExactSizeIterator::len"] },
  ...each(["read_exact", "read_to_end", "read_to_string", "read_vectored", "bytes"], "Read::read"),
  ...each(["write_all", "write_vectored"], "Write::write"),
  ...{ write_fmt: ["Write::write", "Write::write_str"], write_char: ["Write::write_str"] },
  ...each(["read_line", "read_until", "lines", "skip_until"], "BufRead::fill_buf"),
  ...each(["rewind", "stream_position"], "Seek::seek"),
  ...each(
    ["write_u8", "write_u16", "write_u32", "write_u64", "write_usize", "write_i32", "write_i64"],
    "Hasher::write",
  ),
  ...{ cause: ["Error::source"], hash_slice: ["Hash::hash"], extend_one: ["Extend::extend"] },
};

/** Adaptors of iterators that are lazy: who asks them for an item asks the iterator below. */
export const adaptors: ReadonlySet<string> = new Set([
  ...[
    "by_ref",
    "take",
    "skip",
    "map",
    "filter",
    "filter_map",
    "inspect",
    "peekable",
    "fuse",
    "chain",
    "step_by",
  ],
  ...[
    "enumerate",
    "take_while",
    "skip_while",
    "map_while",
    "flat_map",
    "into_iter",
    "zip",
    "scan",
    "cloned",
    "copied",
  ],
]);

/** Conversions that call a function of another trait back: in `from_str`, `s.parse()` is `from_str(s)`. */
export const conversionsBack: Readonly<Record<string, readonly string[]>> = {
  ...{ from: ["into", "try_into"], try_from: ["try_into"], from_str: ["parse"], from_iter: ["collect"] },
  ...{ sum: ["sum"], product: ["product"], into: ["into"], default: ["unwrap_or_default"] },
};

/** Trait and method of an operator. */
export const operators: Readonly<Record<string, string>> = {
  ...{ "==": "PartialEq::eq", "!=": "PartialEq::ne", "<": "PartialOrd::lt", "<=": "PartialOrd::le" },
  ...{ ">": "PartialOrd::gt", ">=": "PartialOrd::ge" },
  ...{ "+": "Add::add", "-": "Sub::sub", "*": "Mul::mul", "/": "Div::div", "%": "Rem::rem" },
  ...{
    "&": "BitAnd::bitand",
    "|": "BitOr::bitor",
    "^": "BitXor::bitxor",
    "<<": "Shl::shl",
    ">>": "Shr::shr",
  },
  ...{ "+=": "AddAssign::add_assign", "-=": "SubAssign::sub_assign", "*=": "MulAssign::mul_assign" },
  ...{ "/=": "DivAssign::div_assign", "%=": "RemAssign::rem_assign", "&=": "BitAndAssign::bitand_assign" },
  ...{ "|=": "BitOrAssign::bitor_assign", "^=": "BitXorAssign::bitxor_assign" },
  ...{ "<<=": "ShlAssign::shl_assign", ">>=": "ShrAssign::shr_assign" },
};

function each(names: readonly string[], target: string): Record<string, readonly string[]> {
  return Object.fromEntries(names.map((name) => [name, [target]]));
}
