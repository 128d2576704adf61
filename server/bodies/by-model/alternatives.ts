import type { CompilerDiagnostic, Facts, TypeDefinition, Verdict } from "../../stages.ts";

/**
 * What really exists where rustc found a name that does not: variants, fields and methods of the types at hand.
 * Empty where no error is about a name. Taken from the facts, which come from rust-analyzer and the source.
 */
export function realAlternatives(facts: Facts, verdicts: readonly Verdict[]): readonly string[] {
  const isAboutName = verdicts.some(
    (verdict) => verdict.kind === "rejected" && verdict.diagnostics.some(namesSomethingUnknown),
  );
  if (!isAboutName) return [];
  const { subject, typeImpls, thisImpl, locals, function: enclosing } = facts;
  const methods = [...typeImpls, ...(thisImpl === undefined ? [] : [thisImpl])].flatMap((impl) =>
    impl.methods.map((method) => `${impl.type}: ${method.signature}`),
  );
  const names = [...(enclosing?.parameters ?? []), ...locals].map(
    ({ name, type }) => `in scope: ${name}: ${type}`,
  );
  return [...new Set([...(subject === undefined ? [] : membersOf(subject)), ...methods, ...names])];
}

/** No field or variant (E0026, E0559, E0560, E0609, E0610), no method or associated item (E0599), no name (E04xx). */
const unknownName = /^E(?:0026|0559|0560|0609|0610|0599|0405|0412|0422|0423|0424|0425|0433|0531|0532)$/;

function namesSomethingUnknown({ level, code }: CompilerDiagnostic): boolean {
  return level === "error" && code !== undefined && unknownName.test(code);
}

function membersOf({ name, variants, fields }: TypeDefinition): readonly string[] {
  return [
    ...variants.map((variant) => {
      const inner = variant.fields.map((field) =>
        variant.shape === "record" ? `${field.name}: ${field.type}` : field.type,
      );
      if (variant.shape === "unit") return `${name}::${variant.name}`;
      const list = inner.join(", ");
      return `${name}::${variant.name}${variant.shape === "record" ? ` { ${list} }` : `(${list})`}`;
    }),
    ...fields.map((field) => `${name}.${field.name}: ${field.type}`),
  ];
}
