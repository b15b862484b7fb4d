import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../src/cli/output.ts";
import { runAll, type Tally } from "./run.ts";
import { inputOf } from "./target.ts";
import { targets } from "./targets.ts";

const usage = `npm run fuzz -- [--only PARSER,…] [--inputs N] [--seed S] [--processes P] [--first I]

Reads N changed inputs (10000) a parser and checks that each is read or refused with an AttarError, in 2 seconds and
512 MiB. The same seed (1) gives the same inputs. Inputs that break a bound are written to fuzz/failures/.

Parsers: ${targets.map(({ name }) => name).join(", ")}`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    inputs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    first: { type: "string", default: "0" },
    processes: { type: "string", default: String(Math.min(4, availableParallelism())) },
    help: { type: "boolean", default: false },
  },
});

const [inputs, seed, first, processes] = [values.inputs, values.seed, values.first, values.processes].map(Number) as [
  number,
  number,
  number,
  number,
];
const names = values.only?.split(",") ?? targets.map(({ name }) => name);
const unknown = names.find((name) => targets.every((target) => target.name !== name));

/** @returns the exit code: 0 where every input kept the bounds, 1 where one did not, 2 for usage */
async function main(): Promise<number> {
  if (values.help || unknown !== undefined || ![inputs, seed, first, processes].every(Number.isSafeInteger)) {
    process.stdout.write(`${unknown === undefined ? "" : `there is no parser ${unknown}\n`}${usage}\n`);
    return values.help ? 0 : 2;
  }
  const tallies = new Map<string, Tally>();
  const queue = [...names];
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      tallies.set(name, await runAll({ name, seed, from: first, to: first + inputs }));
      process.stderr.write(`${name}: ${tallies.get(name)!.faults.length} of ${inputs} inputs broke a bound\n`);
    }
  };
  await Promise.all(Array.from({ length: processes }, worker));
  const rows = names.map((name) => [name, tallies.get(name)!] as const);
  process.stdout.write(
    `${table([
      ["parser", "inputs", "read", "refused", "seconds", "slowest", "memory", "faults"],
      ...rows.map(([name, { inputs: n, read, seconds, slowest, memory, faults }]) => [
        name,
        ...[n, read, n - read].map(String),
        seconds.toFixed(0),
        `${slowest.toFixed(2)} s`,
        `${Math.round(memory / 2 ** 20)} MiB`,
        String(faults.length),
      ]),
    ])}\n`,
  );
  for (const [name, { faults }] of rows)
    for (const { index, what } of faults) process.stdout.write(`${await kept(name, index)}: ${what}\n`);
  return rows.some(([, { faults }]) => faults.length > 0) ? 1 : 0;
}

/** Writes a failing input and returns its path. */
async function kept(name: string, index: number): Promise<string> {
  const target = targets.find((candidate) => candidate.name === name)!;
  const folder = join("fuzz", "failures");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}-${seed}-${index}`);
  writeFileSync(path, await inputOf(target, await target.seeds(), seed, index));
  return path;
}

process.exitCode = await main();
