import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AnyJob } from "../../src/benchmark/jobs/job.ts";
import { cellsOf } from "../../src/benchmark/plan/cells.node.ts";
import { knownIn } from "../../src/benchmark/plan/known.node.ts";
import { Planner } from "../../src/benchmark/plan/plan.node.ts";
import { openStore } from "../../src/benchmark/store/openStore.node.ts";
import type { Result } from "../../src/benchmark/store/result.ts";
import { parseStudy } from "../../src/benchmark/study/parseStudy.ts";
import { resolveStudy } from "../../src/benchmark/study/resolveStudy.node.ts";

/**
 * `node dist-bench/bench/planner/main.js [sets]`: how long it takes to hold a finished study of some 10,000 cells against its store,
 * and one with a method more. A set has four scores here.
 */
const main = new URL("../../../dist/cli/main.js", import.meta.url).pathname;
const sets = Number(process.argv[2] ?? 2000);
const folder = mkdtempSync(join(tmpdir(), "attar-planner-"));
const methods = ["dm", "dc", "dsa", "idm", "datadam", "m3d", "cafe", "kip", "frepo", "random"];
const study = (names: readonly string[]) => ({
  name: "planner",
  methods: names,
  datasets: ["digits"],
  ipc: [1, 10],
  seeds: Array.from({ length: Math.ceil(sets / methods.length / 2) }, (_, i) => i),
  networks: ["convnet", "mlp", "lenet", "convnet:width=64"],
  protocols: [{ repeats: 5 }],
});

const resultOf = ({ kind, version, key, name, configuration, inputs }: AnyJob): Result => ({
  format: 1,
  ...{ kind, version, key, name, configuration, inputs },
  status: "ok",
  outputs: { set: key },
  values: { content: key, facts: { samples: 10, augmentation: "" }, bytes: { images: 1, labels: 1 } },
  made: {
    versions: { attar: "0", node: "0", onnxruntime: "0" },
    ...{ device: "", executor: "", cores: 1, host: "", load: 0, started: "", seconds: 1 },
  },
});

async function timed(names: readonly string[], finish: boolean): Promise<void> {
  const store = await openStore(folder);
  const [began, busy] = [performance.now(), process.cpuUsage()];
  const cells = cellsOf(await resolveStudy(parseStudy(study(names), "planner.json"), join(folder, "planner.json")));
  const planner = new Planner(cells);
  let plan = await planner.plan(await knownIn(store, cells));
  const { user, system } = process.cpuUsage(busy);
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  const cpu = ((user + system) / 1e6).toFixed(2);
  console.log(
    `${names.length} methods, ${plan.cells.length} cells: ${plan.ready.length} jobs to do, ${seconds} s, ${cpu} s of processor time`,
  );
  while (finish && plan.ready.length > 0) {
    for (const job of plan.ready) await store.settle(resultOf(job));
    plan = await planner.plan(await knownIn(store, cells));
  }
}

/** The command itself on the finished study: from its start to its end, with nothing to compute. */
async function commandTimed(): Promise<void> {
  const file = join(folder, "planner.json");
  await writeFile(file, JSON.stringify(study(methods)));
  const words = [main, "benchmark", "run", file, "--store", folder, "--queue", "memory", "--json"];
  for (const label of ["attar benchmark run", "once more"]) {
    const began = performance.now();
    const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 28 });
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).event);
    console.log(`${label}: ${((performance.now() - began) / 1000).toFixed(2)} s, its events: ${events.join(", ")}`);
  }
}

await timed(methods, true);
await timed(methods, false);
await commandTimed();
await timed([...methods, "herding"], false);
rmSync(folder, { recursive: true, force: true });
