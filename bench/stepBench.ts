import { parseArgs } from "node:util";
import { estimate } from "../src/condense/index.ts";
import type { Dataset } from "../src/data/dataset.ts";
import { load } from "../src/data/index.ts";
import { writeAtomic } from "../src/data/node/writeAtomic.node.ts";
import { onnxruntimeNode } from "../src/engine/executors/onnxruntime.node.ts";
import { openRuntime, useRuntime } from "../src/engine/index.ts";
import type { Method } from "../src/methods/index.ts";
import { checkedOut, describeMachine } from "./machine.ts";

/** A method's record, a run's settings by their paths. */
export interface StepOf {
  readonly method: Method;
  readonly settings: Readonly<Record<string, number | string>>;
}

/** A step, the same without what is asked about, and how many times as long it may take. */
export interface StepPair {
  /** What the report says of it. */
  readonly named: Readonly<Record<string, unknown>>;
  readonly step: StepOf;
  readonly without: StepOf;
  readonly asked: number;
}

/**
 * Median seconds of each pair's steps at ten images a class, timed in turn: `[--on mnist] [--rounds 5] [--threads N] [--json FILE]` on the
 * command line. The report goes to the file or to stdout.
 */
export async function stepBench(pairs: readonly StepPair[]): Promise<void> {
  const { values } = parseArgs({
    options: {
      on: { type: "string", default: "mnist" },
      rounds: { type: "string", default: "5" },
      threads: { type: "string" },
      json: { type: "string" },
    },
  });
  const threads = values.threads === undefined ? undefined : Number(values.threads);
  useRuntime(openRuntime({ executor: onnxruntimeNode(threads === undefined ? {} : { threads }) }));
  const dataset = await load(values.on);
  const rounds = Number(values.rounds);
  const found = [];
  for (const { named, step, without, asked } of pairs) {
    const entry = { ...named, ...(await inTurn(dataset, step, without, rounds)), asked };
    process.stderr.write(`${JSON.stringify(entry)}\n`);
    found.push(entry);
  }
  const machine = describeMachine(threads ?? 0);
  const text = `${JSON.stringify({ dataset: dataset.name, ipc: 10, rounds, machine, commit: checkedOut(), found }, null, 1)}\n`;
  if (values.json === undefined) process.stdout.write(text);
  else await writeAtomic(values.json, text);
}

async function inTurn(dataset: Dataset, one: StepOf, other: StepOf, rounds: number) {
  const secondsOf = async ({ method, settings }: StepOf) => {
    const options = { ipc: 10, settings, record: method };
    return (await estimate(dataset, method, { ...options, measure: true })).measuredSecondsPerStep ?? Number.NaN;
  };
  const [own, others]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    own.push(await secondsOf(one));
    others.push(await secondsOf(other));
  }
  const [seconds, without] = [median(own), median(others)];
  return { seconds, without, times: Number((seconds / without).toFixed(2)) };
}

const median = (list: readonly number[]) => list.toSorted((a, b) => a - b)[list.length >> 1]!;
