#!/usr/bin/env node
import { join, resolve } from "node:path";
import { condenseToFolder } from "../condense/node/runFolder.node.ts";
import type { Dataset } from "../data/dataset.ts";
import { load, readCondensed } from "../data/index.ts";
import { evaluate } from "../evaluate/index.ts";
import { m3d } from "../methods/index.ts";
import { evaluationTable } from "./evaluationTable.ts";
import { LivePicture } from "./livePicture.ts";
import { figure } from "./numbers.ts";
import { log, print } from "./output.ts";
import { Progress } from "./progress.ts";
import { report } from "./report.ts";

const folder = "runs/start";
/** As many as two cores take in a minute and a half. */
const steps = 200;
/** Full batches: as many gradient steps as the table of README trains sets of one image a class for. */
const epochs = 300;

/** `npm start`: MNIST in ten images, and what they are worth beside ten real ones, random and chosen by k-means. */
async function start(): Promise<void> {
  const mnist = await load("mnist");
  const grid = await condenseMnist(mnist);
  const set = await readCondensed(resolve(folder, "condensed.safetensors"));
  log("training a ConvNet on the ten images alone, and one on ten real ones, random and by k-means", {});
  const progress = new Progress({});
  const result = await evaluate(set, mnist, {
    epochs,
    repeats: 1,
    baselines: ["random", "kmeans"],
    onProgress: (p) => progress.show(p.epoch, p.epochs, p.subject),
  });
  progress.end();
  print(`${evaluationTable(result)}

accuracy on the 10,000 test images of MNIST; the networks saw nothing but ten images (m3d keeps four small ones in each)
picture  ${grid}
set      ${resolve(folder, "condensed.safetensors")}

next     npx attar evaluate ${folder} --on mnist --nets convnet,lenet,mlp   # how it does on other networks
         npx attar condense mnist --method dm --ipc 10                     # another method: npx attar methods
         npx attar condense path/to/your/images --ipc 10                   # your own data: npx attar data --help`);
}

/** Condenses into the folder, the ten images live in a terminal; returns the path of their picture. */
async function condenseMnist(mnist: Dataset): Promise<string> {
  log("condensing the 60,000 images of MNIST into ten (M3D: mean embeddings in an RKHS, matched)", {});
  const progress = new Progress({});
  const picture = new LivePicture();
  const options = { ipc: 1, steps, snapshotEvery: 10, force: true };
  let grid = "";
  const onSnapshot = picture.show.bind(picture);
  for await (const event of condenseToFolder(mnist, m3d, folder, { ...options, onSnapshot })) {
    if (event.event === "step") progress.show(event.step, event.steps, `loss ${figure(event.loss)}`);
    if (event.event === "done") grid = event.grid;
  }
  progress.end();
  const set = await readCondensed(join(folder, "condensed.safetensors"));
  if (process.stderr.isTTY) picture.show(set);
  else process.stdout.write(`${picture.lines(set).join("\n")}\n`);
  return grid;
}

start().catch((error) => {
  process.exitCode = report(error, {});
});
