import { afterEach, describe, expect, it } from "vitest";
import { makeWorld, reportOf, shortly, type World } from "./verify-world.ts";

const shapes = `#[derive(Debug)]
pub enum Shape { Circle(f64), Square { side: f64 }, Named(String) }

pub fn area(shape: &Shape) -> f64 {
    match shape {«
        Shape::Circle(‹binder:_›) => ‹body:todo!()›,
        Shape::Square { ‹binder:side› } => ‹body:todo!()›,
        Shape::Named(‹binder:_›) => ‹body:todo!()›,
    »}
}
`;

const right = { "h1.b1": "radius", h1: "3.14 * radius * radius", h2: "side * side", "h3.b1": "_", h3: "0.0" };

describe("with the real cargo", { timeout: 120_000 }, () => {
  let world: World;
  afterEach(() => world.close());

  it("accepts the right draft, word for word, with its evidence", async () => {
    world = makeWorld({});
    const report = reportOf(await world.verify(world.skeleton("src/lib.rs", shapes), [right]));
    const [verdict] = report.verdicts;
    expect(verdict?.kind).toBe("accepted");
    if (verdict?.kind !== "accepted") return;
    expect(verdict.text).toContain("Shape::Circle(radius) => 3.14 * radius * radius,");
    expect(verdict.text).not.toContain("armature_live");
    expect(verdict.check.command).toBe("cargo check -p shapes --all-targets");
    expect(verdict.check.targets).toEqual(["lib shapes"]);
  });

  it("rejects a wrong type, an invented name and a borrow error, each with its hole", async () => {
    world = makeWorld({});
    const skeleton = world.skeleton("src/lib.rs", shapes);
    const wrong = { ...right, h2: "*side as u32" };
    const invented = { ...right, h1: "Shape::Triangle.area()" };
    const borrow = { ...right, "h3.b1": "name", h3: "{ let a = vec![1.0]; let b = a; drop(b); a[0] }" };
    const result = await world.verify(skeleton, [wrong, invented, borrow, right]);
    expect(shortly(result)).toEqual([
      "rejected h2 E0308",
      "rejected h1 E0599",
      "rejected h3 E0382",
      "accepted",
    ]);
  });
});
