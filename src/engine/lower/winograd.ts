import type { ConvParams } from "../graph/convParams.ts";
import { type Atom, type Node, producedBy } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import type { Emitter, Held } from "./emitter.ts";
import { kroneckerSquare, type Matrix, toomCook, transposed } from "./toomCook.ts";

/**
 * Convolutions by 3x3 kernels over many channels as products of tiles (Winograd 1980; Lavin and Gray 2016), F(4x4, 3x3):
 *
 *   Y = A [ (G w Gᵀ) ⊙ (B d Bᵀ) ] Aᵀ,     ∂w = Gᵀ [ (Aᵀ ∂Y A) ⊙ (B d Bᵀ) ] G
 *
 * d: tiles of 6x6 pixels, four apart; ⊙: at each of 36 places a product over channels. 36 products make 16 pixels instead of
 * 144. Images are laid out as a row of n · C numbers a pixel, so that tiles are gathered as whole rows and transformed by
 * one matrix product for each axis. A convolution and its weight gradient share the transformed tiles; a sum of convolutions, or of weight
 * gradients over parts of a batch, is transformed back once.
 */
const tile = 4;
const taps = 3;
const side = tile + taps - 1;
const places = side * side;

/**
 * Interpolation points besides infinity. These keep the transforms' numbers small: the root-mean-square error in float32 over
 * 128 channels is 9e-7 of the output's, where the usual 0, ±1, ±2 give 2e-6 and a direct sum 2e-7.
 */
const points = [0, 0.75, -0.75, 1.5, -1.5];

const { a, b, g } = toomCook(points, tile, taps);

/** Fewest channels on both sides, and fewest tiles of all images, for which the transforms are worth the products saved. */
const channelsFrom = 96;
const tilesFrom = 24;

/** Tells whether a convolution without vmapped axes, [n, C, h, w] by [O, C, 3, 3], is computed so. */
export function isWinograd(e: Emitter, node: Node, p: ConvParams): boolean {
  const { shape } = node.outputs[0]!;
  return isWorthwhile(e, p, node.inputs[1]!.shape, shape[0]!, shape.slice(2));
}

/** Tells whether a weight gradient, [C, n, h, w] by [O, n, h', w'] to [C, O, 3, 3], is computed so. */
export function isWinogradWeightGradient(e: Emitter, node: Node, p: ConvParams): boolean {
  const { shape } = node.inputs[1]!;
  return isWorthwhile(e, p, node.outputs[0]!.shape, shape[1]!, shape.slice(2));
}

/** The blocked layout stands for ONNX Runtime on a CPU, whose own operator for products of transposed arrays is used here. */
function isWorthwhile(
  e: Emitter,
  p: ConvParams,
  kernel: readonly number[],
  n: number,
  out: readonly number[],
): boolean {
  if (e.target.channelBlock === 0 || kernel.length !== 4 || kernel[2] !== taps || kernel[3] !== taps) return false;
  const unit = [...p.strides, ...p.lhsDilation, ...p.rhsDilation].every((d) => d === 1);
  return unit && Math.min(kernel[0]!, kernel[1]!) >= channelsFrom && n * tilesOf(out[0]!, out[1]!) >= tilesFrom;
}

/** [n, C, h, w] by [O, C, 3, 3]. */
export function winograd(e: Emitter, node: Node, p: ConvParams): Held {
  const [lhs, rhs] = node.inputs as [Atom, Atom];
  const { shape } = node.outputs[0]!;
  const [n, o, h, w] = shape as [number, number, number, number];
  const tiles = imageTiles(e, e.full(lhs), lhs.shape, [h, w], p.padding);
  const { kernel, transB } = kernelTiles(e, rhs);
  const products = e.node("FusedMatMul", [tiles, kernel], { transB }, { domain: "com.microsoft" });
  const count = tilesOf(h, w);
  const order: number[] = [];
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const own = Math.floor(y / tile) * Math.ceil(w / tile) + Math.floor(x / tile);
      order.push(((y % tile) * tile + (x % tile)) * count + own);
    }
  const finish = (from: string) => {
    const out = onBothSides(e, a, from, count * n * o);
    const rows = e.node("Gather", [e.reshape(out, [tile * tile * count, n * o]), e.ints(order)], { axis: 0 });
    return e.reshape(e.transpose(rows, [1, 0]), shape);
  };
  return { name: e.finished({ name: products, kind: `pixels ${shape}`, finish }), shape };
}

/**
 * G w Gᵀ of a kernel, [36, O, C], or [36, C, O] where it is an [C, O, 3, 3] array with its axes swapped, as it is for the
 * gradient of images. What differentiation turned and swapped is read as it was before: nothing is copied for that.
 */
function kernelTiles(e: Emitter, rhs: Atom): { kernel: string; transB: 0 | 1 } {
  let [source, turned, swapped] = [rhs, false, false];
  for (;;) {
    const flip = producedBy(source, "flip");
    const swap = producedBy(source, "transpose");
    if (flip && String(flip.params.axis) === "2,3") {
      turned = !turned;
      source = flip.inputs[0]!;
    } else if (swap && String(swap.params.perm) === "1,0,2,3") {
      swapped = !swapped;
      source = swap.inputs[0]!;
    } else break;
  }
  const [rows, columns] = source.shape as [number, number];
  const weights = e.reshape(e.full(source), [rows * columns, taps * taps]);
  const taken = kroneckerSquare(turned ? g.map((row) => [...row].reverse()) : g);
  const kernel = e.reshape(e.node("Gemm", [constant(e, taken), weights], { transB: 1 }), [places, rows, columns]);
  return { kernel, transB: swapped ? 0 : 1 };
}

/** [C, n, h, w] by [O, n, h', w'] to [C, O, 3, 3]. */
export function winogradWeightGradient(e: Emitter, node: Node, p: ConvParams): Held {
  const [lhs, rhs] = node.inputs as [Atom, Atom];
  const { shape } = node.outputs[0]!;
  const [c, n, ...space] = lhs.shape as [number, number, number, number];
  const [o, , ...out] = rhs.shape as [number, number, number, number];
  const swap = [1, 0, 2, 3];
  const tiles = imageTiles(e, e.transpose(e.full(lhs), swap), [n, c, ...space], out, p.padding);
  const rows = pixelRows(e, e.transpose(e.full(rhs), swap), [n, o, ...out]);
  const plain = tilesOfRows(e, rows, out, tile, [0, 0], out);
  const count = tilesOf(...out);
  const changed = e.reshape(onBothSides(e, transposed(a), plain, count * n * o), [places, count * n, o]);
  const products = e.node("FusedMatMul", [changed, tiles], { transA: 1 }, { domain: "com.microsoft" });
  const finish = (from: string) => {
    const weights = e.node("Gemm", [e.reshape(from, [places, o * c]), constant(e, kroneckerSquare(g))], { transA: 1 });
    return e.transpose(e.reshape(weights, [o, c, taps, taps]), swap);
  };
  return { name: e.finished({ name: products, kind: `weights ${shape}`, finish }), shape };
}

/** B d Bᵀ of the tiles of an image [n, C, h, w] for outputs of `out` pixels: [36, tiles · n, C]. */
function imageTiles(
  e: Emitter,
  image: string,
  shape: readonly number[],
  out: readonly [number, number],
  padding: ConvParams["padding"],
): string {
  const [n, c, ...space] = shape as [number, number, number, number];
  const before = padding.map((around) => around[0]) as [number, number];
  const tiles = tilesOfRows(e, pixelRows(e, image, shape), space, side, before, out);
  const count = tilesOf(...out);
  return e.reshape(onBothSides(e, b, tiles, count * n * c), [places, count * n, c]);
}

/** M X Mᵀ of `count` squares X, [s, s, count], in which the count runs fastest, to [r, r, count] for a matrix M of r by s. */
function onBothSides(e: Emitter, m: Matrix, squares: string, count: number): string {
  const [r, s, matrix] = [m.length, m[0]!.length, constant(e, m)];
  const once = e.node("MatMul", [matrix, e.reshape(squares, [s, s * count])]);
  return e.node("MatMul", [matrix, e.reshape(once, [r, s, count])]);
}

/** [n, C, h, w] as a row for each pixel and one of zeros, [h · w + 1, n · C]. */
function pixelRows(e: Emitter, image: string, shape: readonly number[]): string {
  const [n, c, h, w] = shape as [number, number, number, number];
  const rows = e.transpose(e.reshape(image, [n * c, h * w]), [1, 0]);
  const zeros = [
    [0, 1],
    [0, 0],
  ] as const;
  return e.pad(rows, zeros, "float32");
}

/** Tiles of `size` by `size` pixels, four apart for outputs of `out` pixels, the first `before` pixels outside the image. */
function tilesOfRows(
  e: Emitter,
  rows: string,
  [h, w]: readonly [number, number],
  size: number,
  before: readonly [number, number],
  out: readonly [number, number],
): string {
  const [down, across] = out.map((pixels) => Math.ceil(pixels / tile)) as [number, number];
  const index: number[] = [];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let t = 0; t < down; t++)
        for (let u = 0; u < across; u++) {
          const [y, x] = [t * tile + i - before[0], u * tile + j - before[1]];
          index.push(y >= 0 && y < h && x >= 0 && x < w ? y * w + x : h * w);
        }
  return e.node("Gather", [rows, e.ints(index)], { axis: 0 });
}

const tilesOf = (h: number, w: number) => Math.ceil(h / tile) * Math.ceil(w / tile);

const constant = (e: Emitter, m: Matrix) =>
  e.constant(Float32Array.from(m.flat()), [m.length, m[0]!.length], onnxTypes.float32);
