import { parseArgs } from "node:util";
import { load } from "../../src/data/index.ts";
import { writeAtomic } from "../../src/data/node/writeAtomic.node.ts";
import { onnxruntimeNode } from "../../src/engine/executors/onnxruntime.node.ts";
import { openRuntime, useRuntime } from "../../src/engine/index.ts";
import { methodNamed } from "../../src/methods/index.ts";
import { checkedOut, describeMachine } from "../machine.ts";
import { stepsInTurn } from "../stepsInTurn.ts";

/**
 * `npm run bench:latent -- [--on mnist] [--rounds 5] [--threads N] [--json FILE]`: seconds of a step of distribution matching whose images
 * are decoded from the codes of a small generator, and of the same step on pixels. Weights are random: a step takes as long as with
 * trained ones.
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
const method = methodNamed("dm");
const rounds = Number(values.rounds);

const found = [];
for (const generator of ["cvae", "vae", "cgan"]) {
  const settings = {
    synthetic: "latent",
    "synthetic.generator": generator,
    "synthetic.steps": 0,
    "synthetic.fidelity": 0,
    initialisation: "noise",
    // Weights drawn at random would soon diverge under the rate of pixels.
    imageLearningRate: 1e-6,
  };
  const steps = [
    { method, settings },
    { method, settings: {} },
  ] as const;
  const entry = { generator, ...(await stepsInTurn(dataset, steps, rounds)), asked: 1.4 };
  process.stderr.write(`${JSON.stringify(entry)}\n`);
  found.push(entry);
}
const machine = describeMachine(threads ?? 0);
const text = `${JSON.stringify({ dataset: dataset.name, method: method.name, ipc: 10, rounds, machine, commit: checkedOut(), found }, null, 1)}\n`;
if (values.json === undefined) process.stdout.write(text);
else await writeAtomic(values.json, text);
