import type { Candidate } from "./ladder.ts";
import { operators } from "./method-fit.ts";
import type { OwnImpl } from "./own-impl.ts";

interface Template {
  readonly text: string;
  readonly chance: number;
}

/** Associated types that the standard traits nearly always have. */
export function associatedTemplates(own: OwnImpl, name: string): Candidate[] {
  return templatesFor(own, name).map(({ text, chance }) => ({
    key: text,
    text,
    rule: `usual associated type of ${own.trait}`,
    place: own.place,
    places: [],
    chance,
  }));
}

function templatesFor(own: OwnImpl, name: string): Template[] {
  const { fields } = own;
  const only = fields.length === 1 ? fields[0]?.type : undefined;
  if (name === "Output" && (own.trait in operators || own.trait === "Neg" || own.trait === "Not")) {
    return [
      { text: withoutReference(own.type) === own.type ? "Self" : withoutReference(own.type), chance: 0.8 },
    ];
  }
  switch (`${own.trait}::${name}`) {
    case "Deref::Target":
      return fields.map(({ type }) => ({ text: type, chance: fields.length === 1 ? 0.8 : 0.25 }));
    case "Index::Output":
      return fields.flatMap(({ type }) => {
        const item = elementOf(type);
        return item === undefined ? [] : [{ text: item, chance: 0.6 }];
      });
    case "IntoIterator::Item":
      return only === undefined ? [] : itemTemplates(own, only, (item, prefix) => `${prefix}${item}`);
    case "IntoIterator::IntoIter":
      return only === undefined ? [] : itemTemplates(own, only, iteratorType);
    case "FromStr::Err":
      return [{ text: "String", chance: 0.1 }];
    default:
      return [];
  }
}

function itemTemplates(
  own: OwnImpl,
  collection: string,
  textFor: (item: string, prefix: string) => string,
): Template[] {
  const item = elementOf(collection);
  if (item === undefined || !collection.startsWith("Vec<")) return [];
  const prefix = own.type.startsWith("&")
    ? own.type.slice(0, own.type.indexOf(withoutReference(own.type)))
    : "";
  return [{ text: textFor(item, prefix), chance: 0.7 }];
}

function iteratorType(item: string, prefix: string): string {
  if (prefix === "") return `std::vec::IntoIter<${item}>`;
  const name = prefix.includes("mut ") ? "IterMut" : "Iter";
  const lifetime = prefix.replace("mut ", "").replace("&", "").trim();
  return `std::slice::${name}<${lifetime === "" ? "'_" : lifetime}, ${item}>`;
}

/** `T` of `Vec<T>`, `[T; 3]`, `&[T]`. */
function elementOf(type: string): string | undefined {
  const vector = /^(?:\w+::)*(?:Vec|VecDeque)<(.*)>$/s.exec(type);
  const array = /^&?(?:'\w+ )?\[([^;]*)(?:;.*)?\]$/s.exec(type);
  return (vector ?? array)?.[1]?.trim();
}

/** `Point` of `&'a mut Point`. */
export function withoutReference(type: string): string {
  return type.replace(/^&\s*('\w+\s+)?(mut\s+)?/, "").trim();
}
