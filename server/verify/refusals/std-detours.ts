/**
 * What the standard library calls in the end: methods that are provided by means of another one unless an impl writes
 * them itself, blanket impls, conversions. Source: std's documentation. One line each: what is called, then by what.
 */
const table = `
PartialEq::eq ne
Display::fmt to_string
Clone::clone to_owned clone_from cloned
PartialOrd::partial_cmp lt le gt ge
Ord::cmp max min clamp
Iterator::next nth last count find find_map position any all fold for_each try_fold try_for_each reduce sum product collect partition advance_by
DoubleEndedIterator::next_back nth_back rfind rfold rposition
Iterator::size_hint len
ExactSizeIterator::len is_empty
Read::read read_exact read_to_end read_to_string read_vectored bytes
Write::write write_all write_vectored write_fmt
Write::write_str write_char write_fmt
BufRead::fill_buf read_line read_until lines skip_until
Seek::seek rewind stream_position
Hasher::write write_u8 write_u16 write_u32 write_u64 write_usize write_i32 write_i64
Error::source cause
Hash::hash hash_slice
Extend::extend extend_one`;

export const detours: Readonly<Record<string, readonly string[]>> = inverted(table);

/** Conversions that call a function of another trait back: in `from_str`, `s.parse()` is `from_str(s)`. */
export const conversionsBack = inverted(`
from into try_into
into into
try_from try_into
from_str parse
from_iter collect
sum sum
product product`);

/** Trait and method of an operator. */
export const operators = inverted(`
PartialEq::eq ==
PartialEq::ne !=
PartialOrd::lt <
PartialOrd::le <=
PartialOrd::gt >
PartialOrd::ge >=
Add::add +
Sub::sub -
Mul::mul *
Div::div /
Rem::rem %
BitAnd::bitand &
BitOr::bitor |
BitXor::bitxor ^
Shl::shl <<
Shr::shr >>
AddAssign::add_assign +=
SubAssign::sub_assign -=
MulAssign::mul_assign *=
DivAssign::div_assign /=
RemAssign::rem_assign %=
BitAndAssign::bitand_assign &=
BitOrAssign::bitor_assign |=
BitXorAssign::bitxor_assign ^=
ShlAssign::shl_assign <<=
ShrAssign::shr_assign >>=`);

/** Adaptors of iterators that are lazy: who asks them for an item asks the iterator below. */
export const adaptors: ReadonlySet<string> = new Set(
  (
    "by_ref take skip map filter filter_map inspect peekable fuse chain step_by enumerate take_while skip_while map_while " +
    "flat_map into_iter zip scan cloned copied"
  ).split(" "),
);

/** By each further word of a line the first words of its lines. */
function inverted(lines: string): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  for (const [first = "", ...others] of lines
    .trim()
    .split("\n")
    .map((line) => line.split(" ")))
    for (const other of others) found[other] = [...(found[other] ?? []), first];
  return found;
}
