/** A measuring process: one task, given as JSON on its command line, one outcome, sent to its parent. */
import { onnxruntimeNode } from "../src/engine/executors/onnxruntime.node.ts";
import { useExecutor } from "../src/engine/index.ts";
import { caseNamed } from "./cases/index.ts";
import { measureCase } from "./measureCase.ts";
import { Peer } from "./peer.ts";
import { peerSgemmGflops, sgemmGflops } from "./sgemm.ts";
import type { Outcome, Task } from "./task.ts";

async function outcome(task: Task): Promise<Outcome> {
  useExecutor(onnxruntimeNode({ threads: task.threads }));
  const peer = task.peer && (await Peer.start({ ...task.peer, threads: task.threads, tries: task.rounds < 7 ? 1 : 2 }));
  try {
    if (task.kind === "case")
      return { kind: "case", measurement: await measureCase(caseNamed(task.name), task.rounds, peer) };
    const gflops = await sgemmGflops(task.rounds, task.threads);
    return { kind: "sgemm", gflops, peerGflops: peer ? await peerSgemmGflops(peer, task.rounds) : null };
  } finally {
    peer?.stop();
  }
}

const answer: Outcome = await outcome(JSON.parse(process.argv[2]!) as Task).catch((error: Error) => ({
  kind: "failed",
  message: error.message,
}));
process.send!(answer, () => process.disconnect());
