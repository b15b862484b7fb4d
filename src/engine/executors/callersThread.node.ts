import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { AttarError } from "../errors.ts";
import { Tensor } from "../tensor.ts";
import { cpuOptimizers } from "./cpuOptimizers.ts";
import type { Feeds, OnnxProgram, OnnxRunner, OutputType } from "./onnx.ts";

type Runtime = typeof import("onnxruntime-node");

/**
 * A model in the thread that asks for it: arrays cross to no other thread, and all cores share each of its operators. It holds
 * the caller's event loop for as long as it computes, so it is for programs of a few milliseconds.
 */
export class CallersThread implements OnnxRunner {
  private opened?: Promise<{ ort: Runtime; session: InferenceSession }>;

  constructor(
    private readonly threads: number,
    private readonly program: OnnxProgram,
    private readonly name: string,
    private readonly types?: readonly OutputType[],
    /** Counts the sessions that are open in the caller's thread. */
    private readonly tally = { open: 0 },
  ) {}

  async run(feeds: Feeds): Promise<Tensor[]> {
    const { name, program } = this;
    try {
      this.opened ??= this.open();
      const { ort, session } = await this.opened;
      const given: Record<string, OrtTensor> = {};
      for (const [key, { dtype, data, shape }] of Object.entries(feeds))
        given[key] = new ort.Tensor(dtype as "float32", data as Float32Array, shape);
      const results = await session.run(given, program.outputs);
      return program.outputs.map((key, i) => {
        const { shape = results[key]!.dims, dtype = "float32" } = this.types?.[i] ?? {};
        return new Tensor(results[key]!.data as Float32Array, shape, dtype);
      });
    } catch (error) {
      throw new AttarError("runtime", `${name}: ONNX Runtime failed: ${(error as Error).message}`, "", 1);
    }
  }

  async dispose(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    if (!opened) return;
    try {
      await (await opened).session.release();
      this.tally.open--;
    } catch {
      // What did not open needs no closing.
    }
  }

  private async open() {
    const ort = await import("onnxruntime-node");
    const session = await ort.InferenceSession.create(this.program.model, {
      executionProviders: ["cpu"],
      intraOpNumThreads: this.threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "basic",
      logSeverityLevel: 3,
      // Its threads wait awake from one operator to the next, but not from one run to the next: others need the cores then.
      extra: { session: { intra_op: { allow_spinning: "1" }, force_spinning_stop: "1" }, ...cpuOptimizers },
    });
    this.tally.open++;
    return { ort, session };
  }
}
