import { inherentMethod, type OwnImpl, type OwnMethod } from "./own-impl.ts";
import type { Template } from "./template.ts";

/** Display, Debug, FromStr, Serialize: through a method that tells the text, or the only field. */
export function textTemplates(own: OwnImpl, method: OwnMethod): Template[] {
  const argument = method.parameters.find(({ name }) => name !== "self")?.name ?? "";
  switch (`${own.trait}::${method.name}`) {
    case "Display::fmt":
      return [...throughMethod(own, argument), ...throughField(own, argument, 0.35)];
    case "Debug::fmt":
      return throughField(own, argument, 0.15);
    case "FromStr::from_str":
      return parses(own, argument);
    default:
      return [];
  }
}

const tellers = ["as_str", "name", "label", "to_str"];

function throughMethod(own: OwnImpl, formatter: string): Template[] {
  const teller = tellers.find((name) => inherentMethod(own, name)?.returnType.includes("str") === true);
  if (teller === undefined) return [];
  return [
    { text: `${formatter}.write_str(self.${teller}())`, chance: 0.35 },
    { text: `write!(${formatter}, "{}", self.${teller}())`, chance: 0.25 },
    { text: `self.${teller}().fmt(${formatter})`, chance: 0.1 },
  ];
}

function throughField(own: OwnImpl, formatter: string, chance: number): Template[] {
  const [field] = own.fields;
  if (field === undefined || own.fields.length !== 1) return [];
  return [
    { text: `write!(${formatter}, "{}", self.${field.name})`, chance },
    { text: `self.${field.name}.fmt(${formatter})`, chance: chance * 0.9 },
    ...(field.type === "String" || field.type.endsWith("str")
      ? [{ text: `${formatter}.write_str(&self.${field.name})`, chance: chance * 0.5 }]
      : []),
  ];
}

function parses(own: OwnImpl, text: string): Template[] {
  return ["parse", "from_name"]
    .filter((name) => inherentMethod(own, name) !== undefined)
    .map((name) => ({ text: `Self::${name}(${text})`, chance: 0.2 }));
}
