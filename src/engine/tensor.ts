/** Element types a host tensor can hold; the names are jax-js's. */
export type DType = "float32" | "float64" | "int32" | "uint32" | "bool";

export type TensorData = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

/**
 * A dense, row-major array on the host: what goes into and comes out of a compiled function.
 * The data are shared, never copied; a tensor passed to a compiled function must not change until its promise settles.
 * Booleans are stored one byte each, 0 or 1.
 */
export class Tensor {
  constructor(
    readonly data: TensorData,
    readonly shape: readonly number[],
    readonly dtype: DType,
  ) {
    if (data.length !== size(shape))
      throw new RangeError(`tensor of shape [${shape}] needs ${size(shape)} elements, got ${data.length}`);
  }

  /** The same data under another shape of equal size. */
  reshape(shape: readonly number[]): Tensor {
    return new Tensor(this.data, shape, this.dtype);
  }

  /** Rows [start, end) of the first axis, sharing memory with this tensor. */
  rows(start: number, end: number): Tensor {
    const row = size(this.shape.slice(1));
    const shape = [end - start, ...this.shape.slice(1)];
    return new Tensor(this.data.subarray(start * row, end * row) as TensorData, shape, this.dtype);
  }

  /** Tensors of one element type joined along their first axis; a lone one is itself. */
  static concat(parts: readonly Tensor[]): Tensor {
    const [first] = parts;
    if (!first) throw new RangeError("no tensors to join");
    if (parts.length === 1) return first;
    const rows = parts.reduce((n, t) => n + t.shape[0]!, 0);
    const joined = new Tensor(
      allocate(
        first.dtype,
        parts.reduce((n, t) => n + t.data.length, 0),
      ),
      [rows, ...first.shape.slice(1)],
      first.dtype,
    );
    let at = 0;
    for (const { data } of parts) {
      joined.data.set(data, at);
      at += data.length;
    }
    return joined;
  }

  /** Tensors of one shape stacked along a new first axis. */
  static stack(parts: readonly Tensor[]): Tensor {
    return Tensor.concat(parts.map((t) => t.reshape([1, ...t.shape])));
  }

  /** The rows of the first axis at some positions, in their order. */
  take(positions: ArrayLike<number>): Tensor {
    const row = size(this.shape.slice(1));
    const data = allocate(this.dtype, positions.length * row);
    for (let i = 0; i < positions.length; i++)
      data.set(this.data.subarray(positions[i]! * row, (positions[i]! + 1) * row), i * row);
    return new Tensor(data, [positions.length, ...this.shape.slice(1)], this.dtype);
  }

  /** Every element changed by a function of its value and position. */
  map(change: (value: number, position: number) => number): Tensor {
    return new Tensor(this.data.map(change), this.shape, this.dtype);
  }

  /** Every element times a number. */
  scale(by: number): Tensor {
    return this.map((v) => v * by);
  }

  /** The sum with a tensor of the same shape, element by element. */
  plus({ data }: Tensor): Tensor {
    return this.map((v, i) => v + data[i]!);
  }

  /** The only element of a one-element tensor. */
  item(): number {
    if (this.data.length !== 1) throw new RangeError(`item() needs one element, the shape is [${this.shape}]`);
    return this.data[0]!;
  }
}

/** Number of elements of a shape; 1 for a scalar. */
export function size(shape: readonly number[]): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

const defaultDType = (data: TensorData): DType =>
  data instanceof Float32Array
    ? "float32"
    : data instanceof Float64Array
      ? "float64"
      : data instanceof Int32Array
        ? "int32"
        : data instanceof Uint32Array
          ? "uint32"
          : "bool";

/** Wraps a typed array, or copies numbers into float32; a lone number becomes a float32 scalar. */
export function tensor(data: TensorData | readonly number[] | number, shape?: readonly number[]): Tensor {
  if (typeof data === "number") return new Tensor(Float32Array.of(data), shape ?? [], "float32");
  if (Array.isArray(data)) return new Tensor(Float32Array.from(data), shape ?? [data.length], "float32");
  const typed = data as TensorData;
  return new Tensor(typed, shape ?? [typed.length], defaultDType(typed));
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[], dtype: DType = "float32"): Tensor {
  return new Tensor(allocate(dtype, size(shape)), shape, dtype);
}

/** Fresh zeroed storage for `n` elements. */
export function allocate(dtype: DType, n: number): TensorData {
  switch (dtype) {
    case "float32":
      return new Float32Array(n);
    case "float64":
      return new Float64Array(n);
    case "int32":
      return new Int32Array(n);
    case "uint32":
      return new Uint32Array(n);
    case "bool":
      return new Uint8Array(n);
  }
}
