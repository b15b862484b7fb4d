/** A measuring process: one task, given as JSON on its command line, one outcome, sent to its parent. */
import { onnxruntimeNode } from "../src/engine/executors/onnxruntime.node.ts";
import { openRuntime, useRuntime } from "../src/engine/index.ts";
import { caseNamed } from "./cases/index.ts";
import { loopTimes } from "./loopOverhead.ts";
import { measureCase } from "./measureCase.ts";
import { peerSgemmGflops, sgemmGflops } from "./sgemm.ts";
import type { Outcome, Task } from "./task.ts";
import { startPeer } from "./tunedPeer.ts";

async function outcome(task: Task): Promise<Outcome> {
  useRuntime(openRuntime({ executor: onnxruntimeNode({ threads: task.threads }) }));
  if (task.kind === "case") return { kind: "case", measurement: await measureCase(caseNamed(task.name), task) };
  if (task.kind === "steps") return { kind: "steps", times: await loopTimes(task.rounds) };
  const gflops = await sgemmGflops(task.rounds, task.threads);
  if (!task.peer) return { kind: "sgemm", gflops, peerGflops: null, peer: null };
  const peer = await startPeer(task.threads);
  try {
    const { name, version, python } = peer;
    const peerGflops = await peerSgemmGflops(peer, task.rounds);
    return { kind: "sgemm", gflops, peerGflops, peer: { name, version, python } };
  } finally {
    peer.stop();
  }
}

const answer: Outcome = await outcome(JSON.parse(process.argv[2]!) as Task).catch((error: Error) => ({
  kind: "failed",
  message: error.message,
}));
process.send!(answer, () => process.disconnect());
