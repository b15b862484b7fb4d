// Condenses a dataset in a program and scores the result: node examples/condense.mjs (after npm run build)
import { condense, convnet, dm, evaluate, load } from "attar";

const digits = await load("digits");
const network = convnet({ depth: 2, width: 32 });

let set;
for await (const event of condense(digits, dm, { ipc: 2, steps: 60, seed: 0, network })) {
  if (event.event === "step" && event.step % 20 === 0) console.log(`step ${event.step}: loss ${event.loss.toFixed(2)}`);
  if (event.event === "done") set = event.set;
}

const { results, baselines } = await evaluate(set, digits, { networks: [network], epochs: 100, repeats: 2 });
const percent = ({ accuracy }) => `${(100 * accuracy.mean).toFixed(1)} % ± ${(100 * accuracy.std).toFixed(1)}`;
console.log(`condensed: ${percent(results[0])}`);
for (const [name, { results }] of Object.entries(baselines)) console.log(`${name}: ${percent(results[0])}`);
