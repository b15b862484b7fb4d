import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { AttarError } from "../errors.ts";
import { encodeModel, onnxTypes } from "../onnx/model.ts";
import { type DType, Tensor, type TensorData } from "../tensor.ts";
import type { Executor } from "./executor.ts";
import {
  addInto,
  type Feeds,
  type OnnxBackend,
  type OnnxProgram,
  type OnnxSession,
  type OutputType,
  onnxExecutor,
} from "./onnx.ts";
import { workerSource } from "./onnxruntimeWorker.node.ts";

export interface NodeOptions {
  /** CPU threads in all; defaults to the machine's cores. */
  threads?: number;
}

type Reply = { id: number; error?: string; outputs?: { data: TensorData; shape: number[] }[] };

/** One thread with its own ONNX Runtime sessions. */
class Lane {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve(r: Reply): void; reject(e: Error): void }>();
  private next = 0;

  constructor(intraOpThreads: number) {
    const resolve = createRequire(import.meta.url).resolve;
    this.worker = new Worker(workerSource, {
      eval: true,
      workerData: { runtime: resolve("onnxruntime-node"), intraOpThreads },
    });
    this.worker.on("message", (reply: Reply) => {
      const waiter = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if (this.waiting.size === 0) this.worker.unref();
      if (reply.error !== undefined) waiter?.reject(new Error(reply.error));
      else waiter?.resolve(reply);
    });
    const fail = (error: Error) => {
      for (const w of this.waiting.values()) w.reject(error);
      this.waiting.clear();
    };
    this.worker.on("error", fail);
    this.worker.on("exit", (code) => fail(new Error(`the execution thread ended with code ${code}`)));
    this.worker.unref();
  }

  call(request: object, transfer: ArrayBuffer[] = []): Promise<Reply> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage({ id, ...request }, transfer);
    });
  }
}

/** The threads of one executor: `wide` uses all cores for one run, `narrow` ones each run their own share on one core. */
class Lanes {
  private wideLane?: Lane;
  private narrowLanes?: Lane[];
  constructor(readonly threads: number) {}

  get wide(): Lane {
    this.wideLane ??= new Lane(this.threads);
    return this.wideLane;
  }

  get narrow(): Lane[] {
    if (this.threads === 1) return [this.wide];
    this.narrowLanes ??= Array.from({ length: this.threads }, () => new Lane(1));
    return this.narrowLanes;
  }
}

let sessions = 0;

class NodeSession implements OnnxSession {
  private readonly opened = new Map<Lane, Promise<unknown>>();
  private readonly key = sessions++;

  constructor(
    private readonly lanes: Lanes,
    private readonly program: OnnxProgram,
    private readonly name: string,
    private readonly types?: readonly OutputType[],
  ) {}

  async run(feeds: Feeds): Promise<Tensor[]> {
    return this.ask(this.lanes.wide, { kind: "run", feeds: plain(feeds) });
  }

  async sum(feeds: Feeds, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[]> {
    const [total, ...rest] = (await this.share(feeds, names, jobs, false)) as [Tensor[], ...Tensor[][]];
    for (const part of rest) for (const [k, t] of part.entries()) addInto(total[k]!, t);
    return total;
  }

  async map(feeds: Feeds, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[][]> {
    const width = this.program.outputs.length;
    const flat = (await this.share(feeds, names, jobs, true)).flat();
    return jobs.map((_, j) => flat.slice(j * width, (j + 1) * width));
  }

  /** Gives every narrow lane a contiguous run of the jobs. */
  private share(
    feeds: Feeds,
    names: readonly string[],
    jobs: readonly (readonly Tensor[])[],
    apart: boolean,
  ): Promise<Tensor[][]> {
    const lanes = this.lanes.narrow;
    const fixed = plain(feeds);
    const share = Math.ceil(jobs.length / lanes.length);
    const shares = lanes.map((_, i) => jobs.slice(i * share, (i + 1) * share)).filter((s) => s.length > 0);
    return Promise.all(
      shares.map((mine, i) =>
        this.ask(lanes[i]!, {
          kind: "jobs",
          apart,
          feeds: fixed,
          names,
          jobs: mine.map((job) => job.map(plainTensor)),
        }),
      ),
    );
  }

  dispose(): void {
    for (const [lane, opening] of this.opened)
      opening.then(() => lane.call({ kind: "close", key: this.key })).catch(() => {});
    this.opened.clear();
  }

  private async ask(lane: Lane, request: object): Promise<Tensor[]> {
    const { key, name, program } = this;
    try {
      let opening = this.opened.get(lane);
      if (!opening) {
        opening = lane.call({ kind: "open", key, model: program.model });
        this.opened.set(lane, opening);
      }
      await opening;
      const { outputs } = await lane.call({ key, names: [], outputNames: program.outputs, ...request });
      const width = program.outputs.length;
      return outputs!.map(
        (o, i) =>
          new Tensor(o.data, this.types?.[i % width]?.shape ?? o.shape, this.types?.[i % width]?.dtype ?? "float32"),
      );
    } catch (error) {
      throw new AttarError("runtime", `${name}: ONNX Runtime failed: ${(error as Error).message}`, "", 1);
    }
  }
}

interface PlainTensor {
  dtype: DType;
  shape: readonly number[];
  data: TensorData;
}

/** A view of part of a larger buffer is copied first, so that only its own bytes cross to the thread. */
const plainTensor = (t: Tensor): PlainTensor => ({
  dtype: t.dtype,
  shape: t.shape,
  data: t.data.byteLength < t.data.buffer.byteLength ? t.data.slice() : t.data,
});

const plain = (feeds: Record<string, Tensor>): Record<string, PlainTensor> =>
  Object.fromEntries(Object.entries(feeds).map(([name, t]) => [name, plainTensor(t)]));

/**
 * ONNX Runtime's CPU provider. onnxruntime-node computes synchronously on the thread that calls it, so every session lives
 * in a worker thread and the caller's event loop stays free.
 */
export function onnxruntimeNode(options: NodeOptions = {}): Executor {
  const lanes = new Lanes(options.threads ?? availableParallelism());
  let target: Promise<{ channelBlock: number }> | undefined;
  const backend: OnnxBackend = {
    name: "onnxruntime-node",
    target: () => {
      target ??= channelBlock(lanes).then((block) => ({ channelBlock: block }));
      return target;
    },
    open: (program, name, outputs) => new NodeSession(lanes, program, name, outputs),
  };
  return onnxExecutor(backend);
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
    const session = new NodeSession(lanes, { model, inputs: ["x"], outputs: ["o0"] }, "layout probe");
    const x = new Tensor(new Float32Array(4), [1, 4, 1, 1], "float32");
    const [shape] = await session.run({ x });
    session.dispose();
    const block = shape!.data[1]!;
    return block === 8 || block === 16 ? block : 0;
  } catch {
    return 0;
  }
}
