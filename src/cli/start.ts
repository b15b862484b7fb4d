#!/usr/bin/env node
import { resolve } from "node:path";
import { condenseToFolder } from "../condense/node/runFolder.node.ts";
import { load, readCondensed } from "../data/index.ts";
import { evaluate } from "../evaluate/index.ts";
import { dm } from "../methods/index.ts";
import { evaluationTable } from "./evaluationTable.ts";
import { figure } from "./numbers.ts";
import { log, print } from "./output.ts";
import { Progress } from "./progress.ts";
import { report } from "./report.ts";

/** `npm start`: MNIST at ten images per class, and what it is worth beside a random subset of the same size. */
async function start(): Promise<void> {
  const folder = "runs/start";
  const mnist = await load("mnist");
  log("condensing MNIST (60,000 images) into 100 images by distribution matching", {});
  let progress = new Progress({});
  let grid = "";
  for await (const event of condenseToFolder(mnist, dm, folder, { ipc: 10, steps: 120, force: true })) {
    if (event.event === "step") progress.show(event.step, event.steps, `loss ${figure(event.loss)}`);
    if (event.event === "done") grid = event.grid;
  }
  progress.end();
  log("training a ConvNet on the 100 images, and one on 100 random real ones", {});
  progress = new Progress({});
  const set = await readCondensed(resolve(folder, "condensed.safetensors"));
  const result = await evaluate(set, mnist, {
    epochs: 100,
    repeats: 1,
    baselines: ["random"],
    onProgress: (p) => progress.show(p.epoch, p.epochs, p.subject),
  });
  progress.end();
  print(evaluationTable(result));
  print(
    `\npicture  ${grid}\nimages   ${resolve(folder, "images")}\nset      ${resolve(folder, "condensed.safetensors")}`,
  );
}

start().catch((error) => {
  process.exitCode = report(error, {});
});
