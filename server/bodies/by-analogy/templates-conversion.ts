import { withoutReference } from "./associated-templates.ts";
import { bareName, hasTrait, inherentMethod, type OwnImpl, type OwnMethod } from "./own-impl.ts";
import type { Template } from "./template.ts";

/** From, Default, Clone, AsRef, AsMut, Borrow. */
export function conversionTemplates(own: OwnImpl, method: OwnMethod): Template[] {
  const parameter = method.parameters.find(({ name }) => name !== "self")?.name ?? "";
  if (parameter === "_" || !/^\w*$/.test(parameter)) return [];
  switch (`${own.trait}::${method.name}`) {
    case "From::from":
      return [
        ...fromVariant(own, parameter),
        ...fromField(own, parameter),
        ...fromConstructor(own, parameter),
      ];
    case "Default::default":
      return defaults(own);
    case "Clone::clone":
      return clones(own);
    case "AsRef::as_ref":
    case "Borrow::borrow":
      return references(own, "&");
    case "AsMut::as_mut":
    case "BorrowMut::borrow_mut":
      return references(own, "&mut ");
    default:
      return [];
  }
}

/** The variant whose only payload is the argument, boxed where it is. */
function fromVariant(own: OwnImpl, parameter: string): Template[] {
  const wanted = spaceless(own.traitArgument);
  const holders = (own.facts.subject?.variants ?? []).filter((variant) => variant.fields.length === 1);
  const made = holders.flatMap((variant) => {
    const [field] = variant.fields;
    const value = field === undefined ? undefined : wrapped(spaceless(field.type), wanted, parameter);
    if (field === undefined || value === undefined) return [];
    const payload = variant.shape === "record" ? ` { ${named(field.name, value)} }` : `(${value})`;
    return [`Self::${variant.name}${payload}`];
  });
  return made.map((text) => ({ text, chance: made.length === 1 ? 0.75 : 0.3 }));
}

/** The value that a place of type `type` wants, given `parameter` of type `wanted`. */
function wrapped(type: string, wanted: string, parameter: string): string | undefined {
  // `io::Error` and `std::io::Error` are one type; `Error` alone may be another.
  if (type === wanted || type.endsWith(`::${wanted}`) || wanted.endsWith(`::${type}`)) return parameter;
  const owner = ["Box", "Rc", "Arc"].find((name) => type === `${name}<${wanted}>`);
  return owner === undefined ? undefined : `${owner}::new(${parameter})`;
}

function fromField(own: OwnImpl, parameter: string): Template[] {
  const [field] = own.fields;
  if (field === undefined || own.fields.length !== 1) return [];
  const value = wrapped(spaceless(field.type), spaceless(own.traitArgument), parameter);
  const converted = own.traitArgument.startsWith("&") ? `${parameter}.to_owned()` : `${parameter}.into()`;
  const text = own.isTupleStruct
    ? `Self(${value ?? converted})`
    : `Self { ${named(field.name, value ?? converted)} }`;
  return [{ text, chance: value === undefined ? 0.15 : 0.7 }];
}

function fromConstructor(own: OwnImpl, parameter: string): Template[] {
  const constructor = inherentMethod(own, "new");
  const [only] = constructor?.parameters ?? [];
  if (only === undefined || constructor?.parameters.length !== 1 || only.name === "self") return [];
  const isSame = spaceless(only.type) === spaceless(own.traitArgument);
  return [{ text: `Self::new(${parameter})`, chance: isSame ? 0.5 : 0.15 }];
}

function defaults(own: OwnImpl): Template[] {
  const constructor = inherentMethod(own, "new");
  const first = own.facts.subject?.variants[0];
  return [
    ...(constructor?.parameters.length === 0 ? [{ text: "Self::new()", chance: 0.67 }] : []),
    ...(first?.shape === "unit" ? [{ text: `Self::${first.name}`, chance: 0.2 }] : []),
  ];
}

function clones(own: OwnImpl): Template[] {
  const copies = hasTrait(own, "Copy") ? [{ text: "*self", chance: 0.7 }] : [];
  if (own.fields.length === 0) return copies;
  const values = own.fields.map(({ name }) =>
    own.isTupleStruct ? `self.${name}.clone()` : `${name}: self.${name}.clone()`,
  );
  const text = own.isTupleStruct ? `Self(${values.join(", ")})` : `Self { ${values.join(", ")} }`;
  return [...copies, { text, chance: 0.35 }];
}

/** What a type derefs to stands for it: `String` has a `str`. */
const views: Readonly<Record<string, string>> = { String: "str", PathBuf: "Path", OsString: "OsStr" };

function references(own: OwnImpl, sign: "&" | "&mut "): Template[] {
  const wanted = own.traitArgument;
  if (wanted === own.type || wanted === "Self") return [{ text: "self", chance: 0.8 }];
  const matching = own.fields.filter(({ type }) => isViewed(type, wanted));
  const text = inherentMethod(own, "as_str") !== undefined && wanted === "str";
  return [
    ...matching.map(({ name }) => ({
      text: `${sign}self.${name}`,
      chance: matching.length === 1 ? 0.6 : 0.2,
    })),
    ...matching.map(({ name }) => ({
      text: `self.${name}.${sign === "&" ? "as_ref" : "as_mut"}()`,
      chance: 0.15,
    })),
    ...(text ? [{ text: "self.as_str()", chance: 0.6 }] : []),
  ];
}

function isViewed(type: string, wanted: string): boolean {
  const bare = withoutReference(type);
  if (bare === wanted || views[bareName(bare)] === bareName(wanted)) return true;
  return bare.startsWith("Vec<") && wanted === `[${bare.slice(4, -1)}]`;
}

function named(field: string, value: string): string {
  return field === value ? field : `${field}: ${value}`;
}

function spaceless(type: string): string {
  return type.replaceAll(/\s+/g, "");
}
