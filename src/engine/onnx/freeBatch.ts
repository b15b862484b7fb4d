import { type OnnxInitializer, type OnnxModel, type OnnxNode, onnxTypes } from "./model.ts";

/** The name of the size that is left free. */
export const batchName = "N";

/**
 * A model for batches of any size, from two models of the same function for batches of `sizes` samples. They may differ in
 * shapes alone: one number of a shape, a multiple of the batch. A reshape then finds it by itself; other operators get the shape
 * computed from the batch that comes in. Constants that are the same for every sample are kept once and repeated.
 *
 * @param batch the input whose first axis counts samples, and outputs
 * @returns undefined where the two differ in anything else, as where an operator was chosen by the batch's size
 */
export function freeBatch(
  [one, other]: readonly [OnnxModel, OnnxModel],
  [m, n]: readonly [number, number],
  batch: string,
): OnnxModel | undefined {
  if (JSON.stringify(one.nodes) !== JSON.stringify(other.nodes)) return undefined;
  if (one.initializers.length !== other.initializers.length) return undefined;
  const shapes = new Map<string, Free>();
  const repeated = new Map<string, { free: Free; once: OnnxInitializer }>();
  for (const [i, constant] of one.initializers.entries()) {
    const twin = other.initializers[i]!;
    if (sameConstant(constant, twin)) continue;
    const free = freeShape(constant, twin, m, n);
    const spread = free ? undefined : freeValues(constant, twin, m, n);
    if (free) shapes.set(constant.name, free);
    else if (spread) repeated.set(constant.name, spread);
    else return undefined;
  }
  const made = new Shapes(batch);
  const spreading = [...repeated].flatMap(([name, { free, once }]) => made.repeated(name, free, once));
  const nodes = one.nodes.flatMap((node): OnnxNode[] => {
    const before: OnnxNode[] = [];
    const inputs = node.inputs.map((name, at) => {
      const free = shapes.get(name);
      if (!free) return name;
      return node.op === "Reshape" && at === 1 ? made.inferred(name, free) : made.computed(name, free, before);
    });
    return [...before, { ...node, inputs }];
  });
  const counted = (types: OnnxModel["inputs"]) =>
    types.map((type) =>
      type.name === batch || type.name.startsWith("o")
        ? { ...type, ...(type.shape && { shape: [batchName, ...type.shape.slice(1)] }) }
        : type,
    );
  return {
    nodes: [...spreading, ...nodes],
    inputs: counted(one.inputs),
    outputs: counted(one.outputs),
    initializers: [
      ...one.initializers.filter(({ name }) => !shapes.has(name) && !repeated.has(name)),
      ...made.constants,
    ],
  };
}

/** A shape of which one number is so many batches. */
interface Free {
  readonly shape: readonly number[];
  readonly at: number;
  readonly times: number;
}

const numbersOf = ({ type, data }: OnnxInitializer): number[] | undefined =>
  type === onnxTypes.int64
    ? Array.from(new BigInt64Array(data.buffer, data.byteOffset, data.byteLength / 8), Number)
    : undefined;

function sameConstant(a: OnnxInitializer, b: OnnxInitializer): boolean {
  const bytes = ({ data }: OnnxInitializer) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const [x, y] = [bytes(a), bytes(b)];
  return String(a.shape) === String(b.shape) && x.length === y.length && x.every((value, i) => value === y[i]);
}

function freeShape(a: OnnxInitializer, b: OnnxInitializer, m: number, n: number): Free | undefined {
  const [x, y] = [numbersOf(a), numbersOf(b)];
  return x && y && a.shape.length === 1 ? freeNumber(x, y, m, n) : undefined;
}

/** The one number in which two shapes differ, where it is so many batches in both. */
function freeNumber(x: readonly number[], y: readonly number[], m: number, n: number): Free | undefined {
  if (x.length !== y.length) return undefined;
  const differing = x.flatMap((value, i) => (value === y[i] ? [] : [i]));
  const at = differing[0];
  if (at === undefined || differing.length > 1) return undefined;
  const times = x[at]! / m;
  return Number.isInteger(times) && times * n === y[at] ? { shape: x, at, times } : undefined;
}

/** A constant whose slices along the batch are all alike, in both models, and one of them. */
function freeValues(a: OnnxInitializer, b: OnnxInitializer, m: number, n: number) {
  const free = freeNumber(a.shape, b.shape, m, n);
  if (!free) return undefined;
  const [one, other] = [sliceOf(a, free.at), sliceOf(b, free.at)];
  return one && other && sameConstant(one, other) ? { free, once: one } : undefined;
}

/** The first slice along an axis, where all others equal it. */
function sliceOf({ data, ...constant }: OnnxInitializer, axis: number): OnnxInitializer | undefined {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const count = constant.shape.reduce((a, b) => a * b, 1);
  const inner = (bytes.length / count) * constant.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = inner * constant.shape[axis]!;
  const slice = new Uint8Array(bytes.length / constant.shape[axis]!);
  for (let i = 0; i < bytes.length; i++) {
    const to = Math.floor(i / outer) * inner + (i % inner);
    if (i % outer < inner) slice[to] = bytes[i]!;
    else if (slice[to] !== bytes[i]) return undefined;
  }
  return { ...constant, shape: constant.shape.with(axis, 1), data: slice };
}

/** Shapes with a free number, as constants for reshapes and as computed ones. */
class Shapes {
  readonly constants: OnnxInitializer[] = [];
  private readonly known = new Set<string>();

  constructor(private readonly batch: string) {}

  /** The shape with −1 in the place of the free number. */
  inferred(name: string, { shape, at }: Free): string {
    const own = `${name}_inferred`;
    if (this.isNew(own)) this.add(own, shape.with(at, -1));
    return own;
  }

  /** The shape, computed by nodes that are added to `before` where they are not there yet. */
  computed(name: string, { shape, at, times }: Free, before: OnnxNode[]): string {
    const own = `${name}_computed`;
    if (!this.isNew(own)) return own;
    if (this.isNew("batch_size")) {
      this.add("batch_first", [0]);
      before.push({ op: "Shape", inputs: [this.batch], outputs: ["batch_shape"] });
      before.push({ op: "Gather", inputs: ["batch_shape", "batch_first"], outputs: ["batch_size"] });
    }
    this.add(`${own}_times`, [times]);
    before.push({ op: "Mul", inputs: ["batch_size", `${own}_times`], outputs: [`${own}_free`] });
    const parts = [shape.slice(0, at), shape.slice(at + 1)].map((part, i) => {
      if (part.length > 0) this.add(`${own}_${i}`, part);
      return part.length > 0 ? [`${own}_${i}`] : [];
    });
    before.push({
      op: "Concat",
      inputs: [...parts[0]!, `${own}_free`, ...parts[1]!],
      outputs: [own],
      attributes: { axis: 0 },
    });
    return own;
  }

  /** Nodes that repeat a constant along the batch, under its name. */
  repeated(name: string, free: Free, once: OnnxInitializer): OnnxNode[] {
    const before: OnnxNode[] = [];
    const shape = this.computed(name, free, before);
    this.constants.push({ ...once, name: `${name}_once` });
    return [...before, { op: "Expand", inputs: [`${name}_once`, shape], outputs: [name] }];
  }

  private isNew(name: string): boolean {
    const is = !this.known.has(name);
    this.known.add(name);
    return is;
  }

  private add(name: string, values: readonly number[]): void {
    const data = BigInt64Array.from(values, BigInt);
    this.constants.push({ name, type: onnxTypes.int64, shape: [values.length], data });
  }
}
