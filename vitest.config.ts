import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "studio/**/*.test.ts",
      "test/**/*.test.ts",
      "bench/**/*.test.ts",
      "fuzz/**/*.test.ts",
    ],
    setupFiles: ["test/propertySeed.ts", "test/typedArrays.ts", "test/oneThread.ts"],
    server: { deps: { external: [/\/node_modules\//, /\/dist\//] } },
    // Three times what the slowest test takes on two cores, so that a slower machine passes, too.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    pool: "forks",
    // Vitest leaves a core to itself where nothing is said, which is half of two.
    maxWorkers: "100%",
  },
});
