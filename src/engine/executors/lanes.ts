import { AttarError } from "../errors.ts";
import { type DType, Tensor, type TensorData } from "../tensor.ts";
import { Lane, type StartLane } from "./lane.ts";
import {
  addInto,
  type Feeds,
  type FeedsBefore,
  type OnnxProgram,
  type OnnxSession,
  type OpenedModel,
  type OutputType,
  type Shared,
} from "./onnx.ts";
import { warmModel } from "./warmModel.ts";

/**
 * The threads of one executor. On a CPU, `wide` uses all cores for one run and `narrow` ones each run their own share on one
 * core; those of a graphics card are all alike.
 */
export class Lanes {
  /** The number of sessions that are open in them. */
  sessions = 0;
  private wideLane?: Lane;
  private narrowLanes?: Lane[];
  constructor(
    readonly threads: number,
    private readonly start: StartLane,
    /** Threads that launch a card's operators; left out on a CPU. */
    private readonly card?: number,
  ) {}

  get wide(): Lane {
    if (this.card) return this.narrow[0]!;
    this.wideLane ??= new Lane(this.start, this.threads);
    return this.wideLane;
  }

  get narrow(): Lane[] {
    if (!this.card && this.threads === 1) return [this.wide];
    this.narrowLanes ??= Array.from(
      { length: this.card ?? this.threads },
      () => new Lane(this.start, this.card ? this.threads : 1),
    );
    return this.narrowLanes;
  }

  /** Starts all threads and has each load a model that is nothing, so that ONNX Runtime is ready in them. */
  async warm(): Promise<void> {
    const key = made++;
    await Promise.all(
      [...new Set([this.wide, ...this.narrow])].map(async (lane) => {
        await lane.call({ kind: "open", key, model: warmModel() });
        await lane.call({ kind: "close", key });
      }),
    );
  }

  /** Ends all threads. */
  async end(): Promise<void> {
    const all = new Set([...(this.narrowLanes ?? []), ...(this.wideLane ? [this.wideLane] : [])]);
    await Promise.all([...all].map((lane) => lane.end()));
  }
}

/** Work below which one core is done before a second one has been woken for every operator: about a millisecond. */
const littleWork = 3e7;

/** The number of sessions there ever were: each has a key of its own. */
let made = 0;

/** A model on lanes: loaded into each lane at its first use there. */
export class LaneSession implements OnnxSession {
  private readonly opened = new Map<Lane, Promise<unknown>>();
  private readonly key = made++;

  constructor(
    private readonly lanes: Lanes,
    private readonly program: OnnxProgram,
    private readonly name: string,
    private readonly types?: readonly OutputType[],
  ) {}

  async run(feeds: Feeds): Promise<Tensor[]> {
    const copies: ArrayBuffer[] = [];
    const { work = Number.POSITIVE_INFINITY } = this.program;
    const lane = work < littleWork ? this.lanes.narrow[0]! : this.lanes.wide;
    return this.ask(lane, { kind: "run", feeds: plain(feeds, copies) }, copies);
  }

  async sum(shared: Shared, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[]> {
    const [total, ...rest] = (await this.share(shared, names, jobs, false)) as [Tensor[], ...Tensor[][]];
    for (const part of rest) for (const [k, t] of part.entries()) addInto(total[k]!, t);
    return total;
  }

  async map(shared: Shared, names: readonly string[], jobs: readonly (readonly Tensor[])[]): Promise<Tensor[][]> {
    return this.apart(await this.share(shared, names, jobs, true), jobs.length);
  }

  async mapAfterSums(
    shared: Shared,
    names: readonly string[],
    jobs: readonly (readonly Tensor[])[],
    before: FeedsBefore,
  ): Promise<Tensor[][]> {
    return this.apart(await this.share(shared, names, jobs, true, before), jobs.length);
  }

  /** Results of all lanes, job by job. */
  private apart(results: Tensor[][], jobs: number): Tensor[][] {
    const width = this.program.outputs.length;
    const flat = results.flat();
    return Array.from({ length: jobs }, (_, j) => flat.slice(j * width, (j + 1) * width));
  }

  /** Gives every narrow lane a contiguous run of the jobs. */
  private share(
    shared: Shared,
    names: readonly string[],
    jobs: readonly (readonly Tensor[])[],
    apart: boolean,
    before?: FeedsBefore,
  ): Promise<Tensor[][]> {
    const lanes = this.lanes.narrow;
    const share = Math.ceil(jobs.length / lanes.length);
    const own = <T>(all: readonly T[], i: number) => all.slice(i * share, (i + 1) * share);
    const busy = lanes.filter((_, i) => i * share < jobs.length);
    return Promise.all(
      busy.map(async (lane, i) => {
        const copies: ArrayBuffer[] = [];
        const tensors = (job: readonly Tensor[]) => job.map((t) => plainTensor(t, copies));
        const seen = async ({ feeds, prelude }: Shared) => ({
          prelude: await prelude?.openIn(lane),
          feeds: plain(feeds, copies),
        });
        const mine = own(jobs, i).map(tensors);
        const first = before && {
          ...(await before.session.openIn(lane)),
          ...(await seen(before.shared)),
          names: before.names,
          runs: own(before.runs, i).map((runs) => runs.map(tensors)),
          into: before.into,
        };
        const request = { kind: "jobs", apart, ...(await seen(shared)), names, jobs: mine, before: first };
        return this.ask(lane, request, copies);
      }),
    );
  }

  /** Loads the model into a lane, unless it is there. */
  async openIn(lane: Lane): Promise<OpenedModel> {
    const { key, program } = this;
    let opening = this.opened.get(lane);
    if (!opening) {
      opening = lane.call({ kind: "open", key, model: program.model });
      this.opened.set(lane, opening);
      opening.then(() => this.lanes.sessions++).catch(() => {});
    }
    await opening;
    return { key, inputNames: program.inputs, outputNames: program.outputs };
  }

  async dispose(): Promise<void> {
    const all = [...this.opened];
    this.opened.clear();
    const close = async ([lane, opening]: (typeof all)[number]) => {
      await opening;
      await lane.call({ kind: "close", key: this.key });
      this.lanes.sessions--;
    };
    await Promise.all(all.map((one) => close(one).catch(() => {})));
  }

  private async ask(lane: Lane, request: object, transfer: ArrayBuffer[]): Promise<Tensor[]> {
    const { name, program } = this;
    try {
      const opened = await this.openIn(lane);
      const { outputs } = await lane.call({ ...opened, ...request }, transfer);
      const width = program.outputs.length;
      return outputs!.map(
        (o, i) =>
          new Tensor(o.data, this.types?.[i % width]?.shape ?? o.shape, this.types?.[i % width]?.dtype ?? "float32"),
      );
    } catch (error) {
      const { message, hint = "" } = error as AttarError;
      throw new AttarError("runtime", `${name}: ONNX Runtime failed: ${message}`, hint, 1);
    }
  }
}

interface PlainTensor {
  dtype: DType;
  shape: readonly number[];
  data: TensorData;
}

/** Bytes from which a copy given away crosses sooner than a clone, which is copied on both sides. */
const worthGiving = 1 << 16;

/**
 * A view of part of a larger buffer is copied first, so that only its own bytes cross to the thread, and so is a large array; the
 * copy is `given` away.
 */
function plainTensor({ dtype, shape, data }: Tensor, given: ArrayBuffer[]): PlainTensor {
  if (data.byteLength < worthGiving && data.byteLength === data.buffer.byteLength) return { dtype, shape, data };
  const copy = data.slice();
  given.push(copy.buffer as ArrayBuffer);
  return { dtype, shape, data: copy };
}

const plain = (feeds: Feeds, given: ArrayBuffer[]): Record<string, PlainTensor> =>
  Object.fromEntries(Object.entries(feeds).map(([name, t]) => [name, plainTensor(t, given)]));
