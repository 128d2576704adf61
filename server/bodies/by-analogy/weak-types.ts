const weakTypes = new Set(
  "bool u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 char String ()".split(" "),
);

/** Types of which nearly any constant compiles, so that the check proves little. */
export function isWeakType(type: string): boolean {
  const bare = type.replace(/^&\s*('\w+\s+)?/, "").trim();
  return bare === "" || bare === "str" || weakTypes.has(bare) || /^(\w+::)*Result<\s*\(\)/.test(bare);
}
