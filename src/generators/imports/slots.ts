import { size, Tensor } from "../../engine/index.ts";
import type { Params, ShapeTable } from "../../hypotheses/index.ts";
import type { Foreign, ForeignTensors } from "./foreignTensors.ts";

/** A tensor of a model in its own layout, and what it is made of. */
export interface Slot {
  readonly shape: readonly number[];
  readonly from: readonly Foreign[];
  made(found: readonly Float32Array[]): Float32Array;
}

/** Layer name → tensor name → where it comes from. */
export type SlotTable = { readonly [layer: string]: { readonly [name: string]: Slot } };

/** The shapes of a table's tensors. */
export const shapesOf = (table: SlotTable): ShapeTable =>
  Object.fromEntries(
    Object.entries(table).map(([layer, slots]) => [
      layer,
      Object.fromEntries(Object.entries(slots).map(([name, { shape }]) => [name, { shape }])),
    ]),
  );

/** The parameters that a table makes of a file's tensors. Tensors that are missing or of another shape are left to `refuseOdd`. */
export const paramsFrom = (table: SlotTable, file: ForeignTensors): Params =>
  Object.fromEntries(
    Object.entries(table).map(([layer, slots]) => [
      layer,
      Object.fromEntries(
        Object.entries(slots).map(([name, { shape, from, made }]) => {
          const found = from.map((one) => file.take(one));
          return [name, new Tensor(made(found), shape, "float32")];
        }),
      ),
    ]),
  );

/** A tensor as it is. */
export const copied = (name: string, shape: readonly number[]): Slot => ({
  shape,
  from: [{ name, shape }],
  made: ([found]) => found!,
});

/** A tensor as it is, under another shape of equal size in the file. */
export const reshaped = (name: string, foreign: readonly number[], shape: readonly number[]): Slot => ({
  shape,
  from: [{ name, shape: foreign }],
  made: ([found]) => found!,
});

/** A tensor times a number. */
export const times = (slot: Slot, by: number): Slot => ({
  ...slot,
  made: (found) => slot.made(found).map((v) => v * by),
});

/** Weight and, unless left out, bias of a layer called `name`. */
export const weighted = (name: string, shape: readonly number[], bias = true) => ({
  weight: copied(`${name}.weight`, shape),
  ...(bias && { bias: copied(`${name}.bias`, [shape[0]!]) }),
});

/** The kernel of a transposed convolution, PyTorch's [in, out, k, k], flipped with its first axes swapped: [out, in, k, k]. */
export const transposedKernel = (name: string, [inputs, outputs, kernel]: readonly [number, number, number]): Slot => ({
  shape: [outputs, inputs, kernel, kernel],
  from: [{ name, shape: [inputs, outputs, kernel, kernel] }],
  made: ([w]) => {
    const taps = kernel * kernel;
    return Float32Array.from({ length: w!.length }, (_, k) => {
      const [pair, tap] = [Math.floor(k / taps), k % taps];
      const [o, i] = [Math.floor(pair / inputs), pair % inputs];
      return w![(i * outputs + o) * taps + (taps - 1 - tap)]!;
    });
  },
});

/** A kernel [out, in, k, k] turned round in its last two axes. */
export const flippedKernel = (name: string, shape: readonly [number, number, number, number]): Slot => {
  const taps = shape[2] * shape[3];
  return {
    shape,
    from: [{ name, shape }],
    made: ([w]) => w!.map((_, k) => w![k - (k % taps) + (taps - 1 - (k % taps))]!),
  };
};

/** Running moments, weight and bias of batch normalisation as a scale and a shift of each channel. */
export function foldedNorm(
  names: { readonly mean: Foreign; readonly variance: Foreign; readonly weight?: string; readonly bias?: string },
  channels: number,
  epsilon: number,
  row = 0,
): { scale: Slot; shift: Slot } {
  const { mean, variance, weight, bias } = names;
  const own = [weight, bias].flatMap((name) => (name === undefined ? [] : [{ name, shape: [channels] }]));
  const from = [mean, variance, ...own];
  const folded = (found: readonly Float32Array[]) => {
    const part = (values: Float32Array) => values.subarray(row * channels, (row + 1) * channels);
    const [m, v] = [part(found[0]!), part(found[1]!)];
    const gain = weight === undefined ? undefined : found[2];
    const offset = bias === undefined ? undefined : found[weight === undefined ? 2 : 3];
    const scale = Float64Array.from(v, (value, c) => (gain?.[c] ?? 1) / Math.sqrt(value + epsilon));
    return { scale, shift: scale.map((s, c) => (offset?.[c] ?? 0) - m[c]! * s) };
  };
  return {
    scale: { shape: [channels], from, made: (found) => Float32Array.from(folded(found).scale) },
    shift: { shape: [channels], from, made: (found) => Float32Array.from(folded(found).shift) },
  };
}

/**
 * A weight [out, …] divided by its largest singular value as spectral normalisation knows it when a model is used: σ of the stored
 * vectors.
 *
 * @param sigma σ of the weight as a matrix [out, rest] and the stored vectors
 */
export function spectral(
  { name, shape }: Foreign,
  vectors: readonly Foreign[],
  sigma: (weight: Float32Array, vectors: readonly Float32Array[], rows: number) => number,
): Slot {
  return {
    shape,
    from: [{ name, shape }, ...vectors],
    made: ([weight, ...found]) => {
      const own = sigma(weight!, found, shape[0]!);
      return weight!.map((w) => w / own);
    },
  };
}

/** A table with zeros in it: parameters before any are known. */
export const zeros = (shape: readonly number[]): Tensor => new Tensor(new Float32Array(size(shape)), shape, "float32");
