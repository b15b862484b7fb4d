import { writeFileSync } from "node:fs";
import { onnxruntimeNode } from "../src/engine/executors/onnxruntime.node.ts";
import { openRuntime, useRuntime } from "../src/engine/index.ts";
import { Host } from "../src/studio/host.ts";
import { memoryFiles } from "../src/studio/memoryFiles.ts";
import { pagePlace } from "../src/studio/pagePlace.ts";
import { recordingOf } from "../src/studio/recording.ts";

/** The steps of the recorded run: what a page shows while its engine starts. */
const steps = 60;

/** Writes a run of the page's first question as a page plays it: node record.js FILE */
async function record(file: string): Promise<void> {
  const runtime = openRuntime({ executor: onnxruntimeNode() });
  useRuntime(runtime);
  const files = Promise.resolve(memoryFiles());
  const host = new Host(runtime, pagePlace({ files, versions: {}, device: "the recorder" }));
  const dataset = await host.open({ known: "digits" });
  const network = "convnet:width=32,depth=2";
  const asked = { dataset: dataset.id, method: "dm", ipc: 1, seed: 0, steps, network, settings: {} };
  const recording = await recordingOf(host, dataset, asked);
  await runtime[Symbol.asyncDispose]();
  writeFileSync(file, JSON.stringify(recording));
}

await record(process.argv[2]!);
