import { defineConfig } from "vitest/config";

/** Whatever the product offers in these suites is held against plain cargo. */
export const withRealTools = {
  setupFiles: ["test/support/held/hold-every-offer.ts"],
  globalSetup: ["test/support/held/run-wide.ts"],
};

const everywhere = ["**/node_modules/**", "test/fixtures/**"];

/**
 * fast: pure stages and in-memory sessions. slow: the real rust-analyzer and cargo. traps: planted cases. real:
 * published crates as whole projects. editors: the product in the real editors.
 * `vitest run test/slow/x.test.ts` finds its project by itself; `--project fast` is what one runs all day.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [
            ...everywhere,
            "test/slow/**",
            "test/traps/**",
            "test/reported/**",
            "test/real/**",
            "test/bench/**",
            "test/editors/**",
          ],
          // Bounds for what hangs (milliseconds), not expectations.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "slow",
          ...withRealTools,
          include: ["test/slow/**/*.test.ts"],
          exclude: everywhere,
          // One rust-analyzer and one cargo at a time: they use every core by themselves.
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          // Planted cases in small real crates: what plain cargo would accept wrongly or refuse needlessly.
          name: "traps",
          ...withRealTools,
          include: ["test/traps/**/*.test.ts"],
          exclude: everywhere,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          // Small crates on which Armature was wrong when it was run, with every rust-analyzer there is.
          name: "reported",
          ...withRealTools,
          include: ["test/reported/**/*.test.ts"],
          exclude: everywhere,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          // Published crates as whole projects: the verifier and the built product on code that nobody planted.
          name: "real",
          ...withRealTools,
          include: ["test/real/**/*.test.ts"],
          exclude: everywhere,
          fileParallelism: false,
          // Each test is one project's whole run.
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          // The built product in the editors that people use, driven by keys.
          name: "editors",
          setupFiles: withRealTools.setupFiles,
          globalSetup: [...withRealTools.globalSetup, "test/editors/set-up.ts"],
          include: ["test/editors/**/*.test.ts"],
          exclude: everywhere,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
