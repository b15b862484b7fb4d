import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AttarError } from "../../src/engine/index.ts";
import { describeMachine } from "../machine.ts";
import { sgemmGflops } from "../sgemm.ts";
import { gflops } from "../statistics.ts";
import { caseNamed, cases, type Outcome, threads } from "./cases.ts";

const usage = `npm run bench:scale -- [options]

Discrepancies at the size of MNIST: seconds, peak memory of a process of its own, share of the machine's SGEMM rate.

  --case NAME   only this case; may be given several times
  --json        one JSON object instead of the table
  --help        this text

Cases: ${cases.map((c) => c.name).join(", ")}.`;

interface Timed extends Outcome {
  readonly seconds: number;
  readonly peakMemoryBytes: number;
}

/** One case in this process: data and compilation first, then timed once. */
async function timed(name: string): Promise<Timed> {
  const run = await caseNamed(name).prepare();
  const started = performance.now();
  const outcome = await run();
  const seconds = (performance.now() - started) / 1000;
  return { ...outcome, seconds, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 };
}

/** The same in a process of its own, so that its peak memory is its own. */
function apart(name: string): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ["--one", name]);
    let answer: Timed | undefined;
    child.on("message", (message) => {
      answer = message as Timed;
    });
    child.on("exit", (code) => (answer ? resolve(answer) : reject(new Error(`${name} ended with ${code}`))));
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      case: { type: "string", multiple: true },
      one: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return print(usage);
  if (values.one !== undefined) {
    const answer = await timed(values.one);
    process.send!(answer, () => process.disconnect());
    return;
  }
  const chosen = values.case ? values.case.map(caseNamed) : cases;
  const machine = { ...describeMachine(threads), sgemmGflops: await sgemmGflops(3, threads) };
  if (!values.json)
    print(
      `${machine.cpu}, ${threads} threads, Node ${machine.node}, onnxruntime ${machine.onnxruntime}; ` +
        `SGEMM ${machine.sgemmGflops.toFixed(0)} GFLOP/s; load average ${machine.loadAverage.toFixed(1)} at the start`,
    );
  const results = [];
  for (const { name, what, multiplyAdds } of chosen) {
    const found = await apart(name);
    const share = multiplyAdds === undefined ? null : gflops(multiplyAdds, 1000 * found.seconds) / machine.sgemmGflops;
    results.push({ name, what, ...found, sgemmShare: share });
    if (values.json) continue;
    const rate = share === null ? "" : `, ${(100 * share).toFixed(0)} % of the SGEMM rate`;
    const memory = `${(found.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB at most`;
    print(`\n${name}: ${found.seconds.toFixed(2)} s, ${memory}${rate}`);
    print(`  ${what}\n  ${found.value.toPrecision(6)} (${found.note})`);
  }
  if (values.json) print(JSON.stringify({ machine, cases: results }));
}

const print = (text: string) => void process.stdout.write(`${text}\n`);

try {
  await main();
} catch (error) {
  if (!(error instanceof AttarError)) throw error;
  process.stderr.write(`${error.message}\n${error.hint}\n`);
  process.exitCode = error.exitCode;
}
