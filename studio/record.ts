import { writeFileSync } from "node:fs";
import { onnxruntimeNode } from "../src/engine/executors/onnxruntime.node.ts";
import { openRuntime, useRuntime } from "../src/engine/index.ts";
import type { Asked, Images, StudioEvent } from "../src/studio/contract.ts";
import { Host } from "../src/studio/host.ts";
import { pagePlace } from "../src/studio/pagePlace.ts";
import type { RecordedEvent, Recording } from "./state/recording.ts";

/** The steps of the recorded run: what a page shows while its engine starts. */
const steps = 60;

/** Writes a run of the page's first question as a page plays it: node record.js FILE */
async function record(file: string): Promise<void> {
  const runtime = openRuntime({ executor: onnxruntimeNode() });
  useRuntime(runtime);
  const host = new Host(runtime, pagePlace());
  const { id } = await host.open({ known: "digits" });
  const asked: Asked = {
    dataset: id,
    method: "dm",
    ipc: 1,
    seed: 0,
    steps,
    network: "convnet:width=32,depth=2",
    settings: {},
  };
  const events: RecordedEvent[] = [];
  await new Promise<void>((resolve, reject) => {
    host.listen((event: StudioEvent) => {
      events.push(event.type === "frame" ? { ...event, images: packed(event.images) } : event);
      if (event.type === "run.ended") event.outcome === "done" ? resolve() : reject(new Error(event.problem?.message));
    });
    host.start(asked).catch(reject);
  });
  await runtime[Symbol.asyncDispose]();
  writeFileSync(file, JSON.stringify({ asked, steps, events } satisfies Recording));
}

const packed = ({ data, ...rest }: Images) => ({ ...rest, base64: Buffer.from(data).toString("base64") });

await record(process.argv[2]!);
