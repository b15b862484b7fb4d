import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import { canonical } from "../../src/benchmark/plan/canonical.ts";
import { startPostgres } from "../../test/fixtures/postgres/server.ts";
import { Processes } from "./processes.ts";

/**
 * `node dist-bench/bench/kills/main.js [--kills 200] [--queue memory|pglite|postgres] [--seed 1] [--cells 30]`: a study of digits is computed
 * while its processes are killed at random with -9: the coordinator, its children, workers, and now and then PostgreSQL is restarted.
 * At the end its results must be, digest by digest, those of a run that nothing disturbed, with no alarm and no failed job.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    queue: { type: "string", default: "memory" },
    seed: { type: "string", default: "1" },
    cells: { type: "string", default: "30" },
  },
});
const [kills, cells] = [Number(values.kills), Number(values.cells)];
let state = Number(values.seed) >>> 0;
/** A number from 0 to below 1: mulberry32. */
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

const main = new URL("../../../dist/cli/main.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "attar-kills-"));
const net = "convnet:depth=2,width=4";
const study = {
  name: "kills",
  methods: [
    { name: "dm", set: { steps: 60, realBatch: 4, net } },
    { name: "dc", set: { steps: 15, realBatch: 4, net } },
    "random",
  ],
  datasets: ["digits"],
  ipc: [1],
  seeds: Array.from({ length: Math.ceil(cells / 3) }, (_, i) => i),
  networks: [net],
  protocols: [{ epochs: 20, repeats: 2 }],
};
const file = join(folder, "kills.json");
writeFileSync(file, JSON.stringify(study));

const processes = new Processes();
const server = values.queue === "postgres" ? await startPostgres() : undefined;
processes.atEnd(() => server?.kill());
const queue = server?.address ?? (values.queue === "pglite" ? "embedded" : values.queue);

const start = (store: string, more: readonly string[]) =>
  processes.start(process.execPath, [main, "benchmark", ...more, "--store", join(folder, store), "--threads", "1"]);

const coordinator = (store: string, on: string) => start(store, ["run", file, "--slots", "2", "--queue", on]);

/** The processes whose parent one of these is. */
function childrenOf(parents: readonly number[]): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const fields = readFileSync(`/proc/${name}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      return parents.includes(Number(fields[1])) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

const ended = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** Every result without what differs from run to run, by kind and key. */
function found(store: string): Map<string, string> {
  const results = new Map<string, string>();
  for (const kind of ["condense", "evaluate"])
    for (const name of readdirSync(join(folder, store, "results", kind))) {
      const { made: _, ...rest } = JSON.parse(readFileSync(join(folder, store, "results", kind, name), "utf8"));
      results.set(`${kind}/${name}`, canonical(rest));
    }
  return results;
}

async function finish(child: ChildProcess): Promise<number | null> {
  let text = "";
  child.stderr?.on("data", (chunk) => {
    text = (text + chunk).slice(-4000);
  });
  await new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== 0) process.stderr.write(text);
  return child.exitCode;
}

console.log("undisturbed");
await finish(coordinator("undisturbed", "memory"));
const expected = found("undisturbed");

let cleared = 0;
/** Removes a folder into which processes may be writing: out of their way first, for they begin another. */
function clear(name: string): void {
  const path = join(folder, "disturbed", name);
  if (!existsSync(path)) return;
  const away = join(folder, `away-${++cleared}`);
  renameSync(path, away);
  try {
    rmSync(away, { recursive: true, force: true });
  } catch {
    // A file that was written meanwhile; it goes with the rest at the end.
  }
}

const done = { coordinator: 0, child: 0, worker: 0, server: 0 };
const total = () => Object.values(done).reduce((a, b) => a + b, 0);
let head = coordinator("disturbed", queue);
const workers = server ? [0, 1].map(() => start("disturbed", ["worker", "--queue", queue])) : [];
let rounds = 0;
while (total() < kills) {
  await setTimeout(500 + 3000 * random());
  if (ended(head)) {
    // The study is done before all kills are: its results go, and it is computed again.
    if (head.exitCode === 0) {
      rounds++;
      compare();
      clear("results");
    }
    head = coordinator("disturbed", queue);
    continue;
  }
  const draw = random();
  const parents = [head, ...workers].flatMap(({ pid }) => pid ?? []);
  if (server && draw < 0.02) {
    await server.restart();
    done.server++;
  } else if (draw < 0.4) {
    head.kill("SIGKILL");
    done.coordinator++;
    await setTimeout(50);
    head = coordinator("disturbed", queue);
  } else if (draw < 0.6 && workers.length > 0) {
    const i = Math.floor(random() * workers.length);
    workers[i]!.kill("SIGKILL");
    workers[i] = start("disturbed", ["worker", "--queue", queue]);
    done.worker++;
  } else {
    const children = childrenOf(parents);
    if (children.length === 0) continue;
    process.kill(children[Math.floor(random() * children.length)]!, "SIGKILL");
    done.child++;
    // A job is given up after three deaths, which are the test's here: they are forgotten.
    clear("attempts");
  }
}
if (!ended(head)) await finish(head);
clear("attempts");
await finish(coordinator("disturbed", queue));
compare();
processes.killAll();
rmSync(folder, { recursive: true, force: true });

/** @throws Error where a result is another than the undisturbed one, or there is an alarm */
function compare(): void {
  const now = found("disturbed");
  const other = [...now].filter(([key, value]) => expected.get(key) !== value);
  const alarms = existsSync(join(folder, "disturbed", "alarms"));
  console.log(
    `${JSON.stringify(done)} kills, round ${rounds}: ${now.size} results of ${expected.size}, ${other.length} other than undisturbed, ${alarms ? "alarms" : "no alarm"}`,
  );
  if (other.length > 0 || alarms) throw new Error(`results differ; see ${folder}`);
}
