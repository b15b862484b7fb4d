import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { encodeModel, onnxTypes } from "../onnx/model.ts";
import { Tensor } from "../tensor.ts";
import { CallersThread } from "./callersThread.node.ts";
import { cpuOptimizers } from "./cpuOptimizers.ts";
import { cacheSized, cardSized, type Executor } from "./executor.ts";
import type { LaneReply, StartLane } from "./lane.ts";
import { laneSource } from "./laneSource.ts";
import { LaneSession, Lanes } from "./lanes.ts";
import { type OnnxBackend, type OnnxProgram, type OnnxRunner, type OnnxSession, onnxExecutor } from "./onnx.ts";

export interface NodeOptions {
  /** CPU threads in all; defaults to the machine's cores. */
  threads?: number;
  /** ONNX Runtime's execution provider: `cpu` (the default), or a graphics card's. */
  provider?: NodeProvider;
}

/** Providers of onnxruntime-node: `webgpu` is in its package; `cuda` needs libraries its install script fetches. */
export type NodeProvider = "cpu" | "webgpu" | "cuda";

/** Threads that launch a card's operators; a CPU has none. */
const cardLanes: Partial<Record<NodeProvider, number>> = { cuda: 2, webgpu: 1 };

/** The errors where a provider finds no card or no library. */
const missing: Partial<Record<NodeProvider, { message: string; hint: string }>> = {
  webgpu: {
    message: "no graphics card was found that WebGPU can use",
    hint: "on Linux it needs a Vulkan driver; --device cpu computes without one",
  },
  cuda: {
    message: "the CUDA provider of onnxruntime-node is not installed, or finds no CUDA 12",
    hint: "npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12 fetches it; --device cpu computes without it",
  },
};

const startWorker =
  (provider: NodeProvider): StartLane =>
  (intraOpThreads, receive, fail) => {
    const resolve = createRequire(import.meta.url).resolve;
    const worker = new Worker(`${preamble}\n${laneSource}\nparentPort.on("message", receive);`, {
      eval: true,
      workerData: {
        runtime: resolve("onnxruntime-node"),
        intraOpThreads,
        // What a graphics card has no kernel for runs on the CPU.
        providers: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
        optimizers: provider === "cpu" ? cpuOptimizers : {},
        missing: missing[provider],
      },
    });
    worker.on("message", (reply: LaneReply) => receive(reply));
    worker.on("error", fail);
    worker.on("exit", (code) => fail(new Error(`the execution thread ended with code ${code}`)));
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      busy: (awaited) => (awaited ? worker.ref() : worker.unref()),
      end: () => worker.terminate(),
    };
  };

const preamble = `
const { parentPort, workerData } = require("node:worker_threads");
const send = (message, transfer) => parentPort.postMessage(message, transfer);
const ort = require(workerData.runtime);
const explained = (error) => {
  const { message, hint } = workerData.missing ?? {};
  return message && /adapter|shared library|file too short/i.test(error.message) ? Object.assign(new Error(message), { hint }) : error;
};
const create = (model, options) =>
  ort.InferenceSession.create(model, options).catch((error) => { throw explained(error); });
const ready = Promise.resolve({
  ort: { Tensor: ort.Tensor, InferenceSession: { create } },
  options: {
    executionProviders: workerData.providers,
    intraOpNumThreads: workerData.intraOpThreads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "basic",
    logSeverityLevel: 3,
    // A spinning pool of one lane would take the cores from the others.
    extra: { session: { intra_op: { allow_spinning: "0" } }, ...workerData.optimizers },
  },
});
`;

/**
 * ONNX Runtime's native build. onnxruntime-node computes synchronously on the thread that calls it, so what takes longer than
 * a moment runs in worker threads and the caller's event loop stays free.
 */
export function onnxruntimeNode(options: NodeOptions = {}): Executor {
  // ONNX Runtime reports its use to its makers unless told not to. A value that is set already stays.
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  const { provider = "cpu", threads = availableParallelism() } = options;
  // Else CUDA's libraries round what they multiply to ten bits.
  if (provider === "cuda") process.env.NVIDIA_TF32_OVERRIDE ??= "0";
  const lanes = new Lanes(threads, startWorker(provider), cardLanes[provider]);
  const here = { open: 0 };
  let target: Promise<{ channelBlock: number }> | undefined;
  const backend: OnnxBackend = {
    name: provider === "cpu" ? "onnxruntime-node" : `onnxruntime-node-${provider}`,
    sizes: provider === "cpu" ? cacheSized : cardSized,
    target: () => {
      // The blocked layout is the CPU's alone.
      target ??= (provider === "cpu" ? channelBlock(lanes) : Promise.resolve(0)).then((block) => ({
        channelBlock: block,
      }));
      return target;
    },
    open: (program, name, outputs) => {
      const session = new LaneSession(lanes, program, name, outputs);
      if (provider !== "cpu") return session;
      return besideLanes(session, program, new CallersThread(threads, program, name, outputs, here));
    },
  };
  return {
    ...onnxExecutor(backend),
    threads,
    sessions: () => lanes.sessions + here.open,
    warm: () => lanes.warm(),
    end: () => lanes.end(),
  };
}

/** Work, of some ten milliseconds at most, up to which crossing to another thread costs more than it frees. */
const worthCrossing = 1e9;

/** A program's threads; a run of little work stays in the caller's. Several jobs are what the narrow lanes are for. */
function besideLanes(lanes: LaneSession, program: OnnxProgram, here: OnnxRunner): OnnxSession {
  const { work = Number.POSITIVE_INFINITY } = program;
  if (work >= worthCrossing) return lanes;
  return {
    run: (feeds) => here.run(feeds),
    sum: (...given) => lanes.sum(...given),
    map: (...given) => lanes.map(...given),
    mapAfterSums: (...given) => lanes.mapAfterSums(...given),
    openIn: (lane) => lanes.openIn(lane),
    async dispose() {
      await Promise.all([here.dispose(), lanes.dispose()]);
    },
  };
}

/** Channels per block of this machine's blocked layout, found by reordering an image of four channels; 0 without one. */
async function channelBlock(lanes: Lanes): Promise<number> {
  const float = onnxTypes.float32;
  const model = encodeModel({
    nodes: [
      { op: "ReorderInput", domain: "com.microsoft.nchwc", inputs: ["x"], outputs: ["y"] },
      { op: "Shape", inputs: ["y"], outputs: ["s"] },
      { op: "Cast", inputs: ["s"], outputs: ["o0"], attributes: { to: float } },
    ],
    initializers: [],
    inputs: [{ name: "x", type: float, shape: [1, 4, 1, 1] }],
    outputs: [{ name: "o0", type: float, shape: [4] }],
  });
  try {
    const session = new LaneSession(lanes, { model, inputs: ["x"], outputs: ["o0"] }, "layout probe");
    const x = new Tensor(new Float32Array(4), [1, 4, 1, 1], "float32");
    const [shape] = await session.run({ x });
    await session.dispose();
    const block = shape!.data[1]!;
    return block === 8 || block === 16 ? block : 0;
  } catch {
    return 0;
  }
}
