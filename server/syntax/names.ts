/** A name as people say it: `type` of `r#type`. Names are compared in this form; what is code keeps its `r#`. */
export function plainName(name: string): string {
  return name.startsWith("r#") ? name.slice(2) : name;
}
