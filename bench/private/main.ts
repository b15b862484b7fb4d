import { parseArgs } from "node:util";
import { load } from "../../src/data/index.ts";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { onnxruntimeNode } from "../../src/engine/executors/onnxruntime.node.ts";
import { openRuntime, useRuntime } from "../../src/engine/index.ts";
import { type Method, methodNamed } from "../../src/methods/index.ts";
import type { LaptopRow } from "../../src/recipes/row.ts";
import { checkedOut, describeMachine } from "../machine.ts";
import { stepsInTurn } from "../stepsInTurn.ts";

/**
 * `npm run bench:private -- [--on mnist] [--rounds 5] [--threads N] [--json FILE]`: seconds of a step of a private method, noise and its
 * accounting with it, and of the same step without privacy: same networks, same images of T on average, same augmentation. A gradient of
 * each sample is what PSG reads, an embedding of each, forward alone, what DP-DM reads.
 */
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

/** A method without its privacy, and without what its presets say of it. */
function plain({ privacy: _, laptop = [], ...method }: Method): Method {
  const rows = laptop.map((row) => ({
    ...row,
    set: Object.fromEntries(Object.entries(row.set).filter(([path]) => !path.startsWith("privacy."))),
  }));
  return { ...method, laptop: rows as unknown as readonly LaptopRow[] } as Method;
}
// 0 releases: every step draws one of its own. The preset of DP-DM has 300, which its 1,500 steps use again and again.
const cases: readonly { name: string; reads: string; most: number; settings: Readonly<Record<string, number>> }[] = [
  { name: "psg", reads: "gradients", most: 3, settings: { "privacy.releases": 0 } },
  { name: "dp-dm", reads: "embeddings", most: 1.3, settings: { "privacy.releases": 0 } },
  { name: "dp-dm", reads: "embeddings", most: 1.3, settings: {} },
];
const found = [];
for (const { name, reads, most, settings } of cases) {
  const method = methodNamed(name);
  const steps = [
    { method, settings },
    { method: plain(method), settings: {} },
  ] as const;
  const entry = { method: name, reads, settings, ...(await stepsInTurn(dataset, steps, rounds)), asked: most };
  process.stderr.write(`${JSON.stringify(entry)}\n`);
  found.push(entry);
}
const machine = describeMachine(threads ?? 0);
const text = `${JSON.stringify({ dataset: dataset.name, ipc: 10, rounds, machine, commit: checkedOut(), found }, null, 1)}\n`;
if (values.json === undefined) process.stdout.write(text);
else await writeAtomic(values.json, text);
