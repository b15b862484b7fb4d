import { AttarError } from "../errors.ts";
import { type Atom, isLiteral, type Node, type Value } from "../graph/graph.ts";
import { type Attribute, type OnnxInitializer, type OnnxNode, onnxTypes } from "../onnx/model.ts";
import { type DType, size, type TensorData } from "../tensor.ts";
import { exchanges } from "./transposition.ts";

/**
 * An emitted array. `shape` is what is stored: where it has a 1 and the value's own shape does not, the array is a
 * broadcast that has not been carried out. Elementwise operators read it as it is; others ask for {@link Emitter.full}.
 */
export interface Held {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Products of tiles from which an array is made by a linear map: a sum of such arrays is made from the sum of the products. */
export interface TileProducts {
  readonly name: string;
  /** Products of one kind are arrays of one shape and have the same map. */
  readonly kind: string;
  /** Emits the map. */
  finish(products: string): string;
}

/** The abilities of the machine's ONNX Runtime beyond the standard. */
export interface Target {
  /** Channels per block of the blocked convolution layout (16 with AVX-512, 8 with AVX2), 0 where there is none. */
  readonly channelBlock: number;
  /** True for a file that other runtimes open, too: the operators of ONNX alone, in forms that do not depend on a batch's size. */
  readonly portable?: boolean;
}

/** Collects the nodes of one ONNX graph. Equal nodes are emitted once. */
export class Emitter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  private readonly held = new Map<Value, Held>();
  private readonly known = new Map<string, string[]>();
  private readonly transposed = new Map<string, { source: string; perm: readonly number[] }>();
  private readonly reshaped = new Map<string, string>();
  private readonly products = new Map<string, TileProducts>();
  /** Shapes of arrays, as far as they are known. */
  private readonly shapes = new Map<string, readonly number[]>();
  private count = 0;

  constructor(
    /** Name of the function being compiled, for messages. */
    readonly program: string,
    readonly target: Target,
    /** Reads of each value in the whole graph. */
    readonly uses: ReadonlyMap<Value, number>,
    /** The prefix of every name: a loop's body may not reuse the names around it. */
    private readonly prefix = "",
  ) {}

  /** A name that nothing else has. */
  fresh(): string {
    return `${this.prefix}v${this.count++}`;
  }

  /** Emits a node with one output and returns its name. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute> = {},
    options: { domain?: string } = {},
  ): string {
    return this.multi(op, inputs, 1, attributes, options)[0]!;
  }

  /** Emits a node with several outputs. */
  multi(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, Attribute> = {},
    { domain = "" }: { domain?: string } = {},
  ): string[] {
    const key = `${domain}:${op}(${inputs})${JSON.stringify(attributes)}`;
    const earlier = this.known.get(key);
    if (earlier) return earlier;
    const names = Array.from({ length: outputs }, () => this.fresh());
    this.nodes.push({ op, inputs, outputs: names, attributes, ...(domain ? { domain } : {}) });
    this.known.set(key, names);
    return names;
  }

  /** A constant array; equal ones that are not large are one. */
  constant(data: TensorData | BigInt64Array, shape: readonly number[], type: number): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = data.length <= 4096 ? `const:${type}[${shape}]${bytes}` : `const#${this.count}`;
    const earlier = this.known.get(key);
    if (earlier) return earlier[0]!;
    const name = `${this.prefix}c${this.count++}`;
    this.initializers.push({ name, type, shape, data });
    this.known.set(key, [name]);
    return name;
  }

  /** A vector of int64: axes, shapes, pads. */
  ints(values: readonly number[]): string {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length], onnxTypes.int64);
  }

  /** One number; with `rank` axes of one where ONNX Runtime is faster with an operand of the other one's rank. */
  scalar(value: number, dtype: DType, rank = 0): string {
    const data =
      dtype === "float32"
        ? Float32Array.of(value)
        : dtype === "float64"
          ? Float64Array.of(value)
          : dtype === "int32"
            ? Int32Array.of(value)
            : dtype === "uint32"
              ? Uint32Array.of(value)
              : Uint8Array.of(value ? 1 : 0);
    return this.constant(data, new Array<number>(rank).fill(1), onnxTypes[dtype]);
  }

  int64(value: number | bigint): string {
    return this.constant(BigInt64Array.of(BigInt(value)), [], onnxTypes.int64);
  }

  /** Names worth computing once where a program runs many times with the same parameters: reordered weights. */
  readonly hoisted = new Set<string>();

  hoistable(name: string): string {
    this.hoisted.add(name);
    return name;
  }

  set(value: Value, held: Held): void {
    this.held.set(value, held);
    this.shapes.set(held.name, held.shape);
  }

  /** Keeps an array's shape, so that none is asked for that it has. */
  know(name: string, shape: readonly number[]): void {
    this.shapes.set(name, shape);
  }

  /** The array behind an atom, broadcasts still pending. */
  get(atom: Atom): Held {
    if (isLiteral(atom)) return { name: this.scalar(atom.literal, atom.dtype), shape: [] };
    const held = this.held.get(atom);
    if (!held) throw new Error(`${this.program}: value ${atom.id} is read before it is computed`);
    return held;
  }

  /** The array behind an atom with every broadcast carried out. */
  full(atom: Atom): string {
    return this.expanded(this.get(atom), atom.shape, atom.dtype);
  }

  /** A held array of a shape with every broadcast carried out. */
  expanded(held: Held, shape: readonly number[], dtype: DType): string {
    if (size(held.shape) === size(shape)) return this.shaped(held, shape);
    return (
      (dtype === "float32" ? this.enlarged(held, shape) : undefined) ??
      this.node("Expand", [held.name, this.ints(shape)])
    );
  }

  /** [n, …, h, 1, w, 1] as [n, …, h, a, w, b], every number a·b times: ONNX Runtime's Expand copies rows of b numbers, which takes long. */
  private enlarged({ name, shape: stored }: Held, shape: readonly number[]): string | undefined {
    const rank = shape.length;
    if (rank < 4 || stored.length !== rank) return undefined;
    const single = (axis: number) => stored[axis] === 1 && shape[axis]! > 1;
    if (!single(rank - 1) || !single(rank - 3)) return undefined;
    if (stored.some((d, axis) => axis !== rank - 1 && axis !== rank - 3 && d !== shape[axis])) return undefined;
    const [h, a, w, b] = shape.slice(-4) as [number, number, number, number];
    const scales = this.constant(Float32Array.from([1, 1, a, b]), [4], 1);
    const whole = this.node("Resize", [this.reshape(name, [1, size(shape) / (h * a * w * b), h, w]), "", scales], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
    return this.reshape(whole, shape);
  }

  /** A held array under a shape of equal size. */
  shaped(held: Held, shape: readonly number[]): string {
    if (String(held.shape) === String(shape)) return held.name;
    return this.reshape(held.name, shape);
  }

  /** An array under another shape; one under a shape it had before is that one. */
  reshape(name: string, shape: readonly number[]): string {
    const source = this.reshaped.get(name) ?? name;
    if (String(this.shapes.get(source)) === String(shape)) return source;
    const result = this.node("Reshape", [source, this.ints(shape)], { allowzero: 1 });
    this.reshaped.set(result, source);
    this.shapes.set(result, shape);
    return result;
  }

  /** A transposition; one of a transposition is carried out as one. */
  transpose(name: string, perm: readonly number[]): string {
    if (perm.every((p, i) => p === i)) return name;
    const earlier = this.transposed.get(name);
    const result = earlier
      ? this.transpose(
          earlier.source,
          perm.map((p) => earlier.perm[p]!),
        )
      : this.moved(name, perm);
    if (!earlier) this.transposed.set(result, { source: name, perm });
    const tiles = this.products.get(name);
    if (tiles && !this.products.has(result))
      this.products.set(result, {
        name: tiles.name,
        kind: `${tiles.kind} ${perm}`,
        finish: (products) => this.transpose(tiles.finish(products), perm),
      });
    return result;
  }

  /** A transposition's operators: on a CPU the fastest ones, where the shape is known. */
  private moved(name: string, perm: readonly number[]): string {
    const shape = this.shapes.get(name);
    const steps = shape?.length === perm.length && this.target.channelBlock > 0 ? exchanges(shape, perm) : undefined;
    if (!shape || !steps) return this.node("Transpose", [name], { perm });
    let now = name;
    for (const groups of steps) {
      const extents = [0, 1, 2, 3].filter((axis) => groups[axis] !== 1);
      const exchanged = [0, 2, 1, 3].filter((axis) => groups[axis] !== 1).map((axis) => extents.indexOf(axis));
      const stored = this.reshape(
        now,
        extents.map((axis) => groups[axis]!),
      );
      now = this.node("Transpose", [stored], { perm: exchanged });
      this.know(
        now,
        exchanged.map((axis) => groups[extents[axis]!]!),
      );
    }
    return this.reshape(
      now,
      perm.map((axis) => shape[axis]!),
    );
  }

  /** The array that is made from products of tiles. */
  finished(products: TileProducts): string {
    const name = products.finish(products.name);
    this.products.set(name, products);
    return name;
  }

  /** The sum of two arrays as one made from the sum of their products, where both are made from products of one kind. */
  sumOfTiles(a: string, b: string): string | undefined {
    const [left, right] = [this.products.get(a), this.products.get(b)];
    if (!left || left.kind !== right?.kind) return undefined;
    return this.finished({ ...left, name: this.node("Add", [left.name, right.name]) });
  }

  cast(name: string, type: number): string {
    return this.node("Cast", [name], { to: type });
  }

  /** Contiguous or strided window of an array; `starts` and `ends` per axis. */
  slice(
    name: string,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps?: readonly number[],
  ): string {
    const inputs = [name, this.ints(starts), this.ints(ends), this.ints(axes)];
    if (steps) inputs.push(this.ints(steps));
    return this.node("Slice", inputs);
  }

  /** Zero padding per axis, [before, after] each; below a transposition, which can then join the next one. */
  pad(name: string, widths: readonly (readonly [number, number])[], dtype: DType): string {
    if (widths.every(([a, b]) => a === 0 && b === 0)) return name;
    const earlier = this.transposed.get(name);
    if (earlier) {
      const before = [...widths];
      earlier.perm.forEach((axis, i) => {
        before[axis] = widths[i]!;
      });
      return this.transpose(this.pad(earlier.source, before, dtype), earlier.perm);
    }
    const pads = [...widths.map((w) => w[0]), ...widths.map((w) => w[1])];
    return this.node("Pad", [name, this.ints(pads), this.scalar(0, dtype)]);
  }

  fail(node: Node, why: string): never {
    throw new AttarError(
      "unsupported-primitive",
      `${this.program}: primitive "${node.op}" of ${node.inputs.map((a) => `${a.dtype}[${a.shape}]`).join(", ")} cannot be lowered to ONNX: ${why}`,
      "rewrite the function without it, or run it with the oracle executor",
      1,
    );
  }
}

/** One lowering rule: emits the node and returns what holds each output. */
export type Rule = (e: Emitter, node: Node) => Held[];
