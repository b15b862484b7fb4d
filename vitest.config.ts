import { defineConfig } from "vitest/config";

/**
 * Folders whose test files share a process each worker: loading the engine anew for every one takes longer than most of them. Files that change
 * what a process shares are not among them.
 */
const sharing = [
  ...[
    "advise",
    "audit",
    "benchmark",
    "charts",
    "cli",
    "condense",
    "data",
    "discrepancies",
    "engine",
    "evaluate",
    "generators",
  ],
  ...["hypotheses", "methods", "privacy", "recipes", "synthetic", "tricks", "views"],
];
const apart = [
  "src/benchmark/import/import.test.ts",
  "src/benchmark/jobs/versions.test.ts",
  "src/benchmark/jobs/run/*.test.ts",
  "src/benchmark/worker/*.test.ts",
  "src/condense/disposal.test.ts",
  "src/condense/eachMethod/combining.test.ts",
  "src/condense/objectives/match/matchingLoss.test.ts",
  "src/data/node/*.test.ts",
  "src/data/datasetInfo.test.ts",
  "src/discrepancies/hausdorff/hausdorff.test.ts",
  "src/engine/{accumulate,runtime}.test.ts",
  "src/engine/executors/*.test.ts",
  "src/engine/lower/randomPrograms.test.ts",
  "src/evaluate/pytorch/*.test.ts",
];
const together = sharing.map((folder) => `src/${folder}/**/*.test.ts`);

const common = {
  setupFiles: ["test/propertySeed.ts", "test/typedArrays.ts", "test/oneThread.ts"],
  server: { deps: { external: [/\/node_modules\//, /\/dist\//] } },
  // Three times what the slowest test takes on two cores, so that a slower machine passes, too.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 60_000 } },
  pool: "forks" as const,
};

export default defineConfig({
  test: {
    // Vitest leaves a core to itself where nothing is said, which is half of two.
    maxWorkers: "100%",
    projects: [
      { test: { ...common, name: "together", include: together, exclude: apart, isolate: false } },
      { test: { ...common, name: "apart", include: apart } },
      {
        test: {
          ...common,
          name: "attar",
          include: ["src", "studio", "test", "bench", "fuzz"].map((folder) => `${folder}/**/*.test.ts`),
          exclude: together,
        },
      },
    ],
  },
});
