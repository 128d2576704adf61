import { defineConfig } from "vitest/config";
import { withRealTools } from "../../../../vitest.config.ts";

/** Tests that must fail, so no suite has them: `test/slow/held-offers.test.ts` runs them. */
export default defineConfig({
  test: {
    ...withRealTools,
    name: "planted",
    include: ["test/support/held/planted/planted-offers.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
