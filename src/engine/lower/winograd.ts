import type { ConvParams } from "../graph/convParams.ts";
import type { Atom, Node } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import type { Emitter, Held } from "./emitter.ts";
import { kroneckerSquare, type Matrix, toomCook, transposed } from "./toomCook.ts";

/**
 * Convolutions by 3x3 kernels over many channels as products of tiles (Winograd 1980; Lavin and Gray 2016), F(4x4, 3x3):
 *
 *   Y = A [ (G w Gᵀ) ⊙ (B d Bᵀ) ] Aᵀ,     ∂w = Gᵀ [ (Aᵀ ∂Y A) ⊙ (B d Bᵀ) ] G
 *
 * d: tiles of 6x6 pixels, four apart; ⊙: at each of 36 places a product over channels. 36 products make 16 pixels instead of
 * 144. Images are laid out as a row of n · C numbers a pixel, so that tiles are gathered as whole rows and every transform is
 * one matrix product. A convolution and its weight gradient share the transformed tiles.
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

const form = toomCook(points, tile, taps);
const [a, b, g] = [form.a, form.b, form.g].map(kroneckerSquare) as [Matrix, Matrix, Matrix];

/** Fewest channels on both sides, and fewest tiles of all images, for which the transforms are worth the products saved. */
const channelsFrom = 96;
const tilesFrom = 24;

/** Whether a convolution without vmapped axes, [n, C, h, w] by [O, C, 3, 3], is computed so. */
export function isWinograd(e: Emitter, node: Node, p: ConvParams): boolean {
  const { shape } = node.outputs[0]!;
  return isWorthwhile(e, p, node.inputs[1]!.shape, shape[0]!, shape.slice(2));
}

/** Whether a weight gradient, [C, n, h, w] by [O, n, h', w'] to [C, O, 3, 3], is computed so. */
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
  const [n, , h, w] = shape as [number, number, number, number];
  const [o, c] = rhs.shape as [number, number];
  const weights = e.reshape(e.full(rhs), [o * c, taps * taps]);
  const kernel = e.reshape(e.node("Gemm", [constant(e, g), weights], { transB: 1 }), [places, o, c]);
  const tiles = imageTiles(e, e.full(lhs), lhs.shape, [h, w], p.padding);
  const products = e.node("FusedMatMul", [tiles, kernel], { transB: 1 }, { domain: "com.microsoft" });
  const count = tilesOf(h, w);
  const out = e.node("MatMul", [constant(e, a), e.reshape(products, [places, count * n * o])]);
  const order: number[] = [];
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const own = Math.floor(y / tile) * Math.ceil(w / tile) + Math.floor(x / tile);
      order.push(((y % tile) * tile + (x % tile)) * count + own);
    }
  const rows = e.node("Gather", [e.reshape(out, [tile * tile * count, n * o]), e.ints(order)], { axis: 0 });
  return { name: e.reshape(e.transpose(rows, [1, 0]), shape), shape };
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
  const flat = e.reshape(plain, [tile * tile, count * n * o]);
  const changed = e.reshape(e.node("MatMul", [constant(e, transposed(a)), flat]), [places, count * n, o]);
  const products = e.node("FusedMatMul", [changed, tiles], { transA: 1 }, { domain: "com.microsoft" });
  const weights = e.node("Gemm", [e.reshape(products, [places, o * c]), constant(e, g)], { transA: 1 });
  return { name: e.transpose(e.reshape(weights, [o, c, taps, taps]), swap), shape };
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
  const flat = e.reshape(tiles, [places, count * n * c]);
  return e.reshape(e.node("MatMul", [constant(e, b), flat]), [places, count * n, c]);
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
