import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inputOf, type Outcome, tryInput } from "./target.ts";
import { targets } from "./targets.ts";

/** The task of a worker: to read the inputs from `from` to `to` − 1 of a target. */
export interface Order {
  readonly name: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** The answer of a worker for each input; `memory` is how much more than at the start the process has ever held, in bytes. */
export interface Report extends Outcome {
  readonly index: number;
  readonly memory: number;
}

/** Sends a report, and waits until it is on its way: what is still to be sent when a process ends is lost. */
const told = (report: Report) => new Promise<void>((sent) => process.send!(report, () => sent()));

const held = () => process.resourceUsage().maxRSS * 1024;

/** Reads inputs in this process and reports each to the one that started it. */
async function work({ name, seed, from, to }: Order): Promise<void> {
  const target = targets.find((candidate) => candidate.name === name)!;
  const seeds = await target.seeds();
  const folder = mkdtempSync(join(tmpdir(), "attar-fuzz-"));
  for (const bytes of seeds) await tryInput(target, bytes, folder); // what is loaded once is not the inputs'
  const start = held();
  try {
    for (let index = from; index < to; index++) {
      const outcome = await tryInput(target, await inputOf(target, seeds, seed, index), folder);
      await told({ index, memory: held() - start, ...outcome });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.on("message", (order: Order) => {
  work(order).then(
    () => process.disconnect(),
    (error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
});
