/**
 * node test/bench/run.mjs relay
 *
 * Runs benchmarks by name and prints what they measured next to the bars of the design. Times never fail a run.
 */
const benchmarks = { relay: () => import("./relay.mjs"), verify: () => import("./verify.mjs") };

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (names.length === 0 || unknown.length > 0) {
  process.stderr.write(`usage: npm run bench -- NAME…, of ${Object.keys(benchmarks).join(", ")}\n`);
  process.exit(2);
}
for (const name of names) {
  const { run } = await benchmarks[name]();
  await run();
}
