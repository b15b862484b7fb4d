import type { ConvParams } from "../graph/convParams.ts";
import type { Atom, Node } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import type { Emitter, Held, Rule } from "./emitter.ts";
import { dilate } from "./pool.ts";
import { isWinograd, isWinogradWeightGradient, winograd, winogradWeightGradient } from "./winograd.ts";

/**
 * Convolutions in the shapes that differentiation makes of them:
 * forward and data gradient (small kernel over an image), the gradient of the images themselves (a few filters over many
 * channels), and weight gradient (a "kernel" as large as the image, a few output positions). Kernels larger than their image
 * are swapped away by a pass before.
 */
const conv: Rule = (e, node) => [convolve(e, node)];

/** A convolution with a bias per output channel, where its form has one; undefined otherwise. */
export function biasedConv(e: Emitter, node: Node, bias: string): Held | undefined {
  const p = node.params as ConvParams;
  return p.vmapDims === 0 && isPlain(e, node) && !isWinograd(e, node, p) ? convolve(e, node, bias) : undefined;
}

function convolve(e: Emitter, node: Node, bias?: string): Held {
  const p = node.params as ConvParams;
  const out = node.outputs[0]!;
  if (out.dtype !== "float32") e.fail(node, "convolutions run in float32 only");
  const v = p.vmapDims;
  const spatial = out.shape.length - 2 - v;
  if (spatial === 0) return convWithoutSpace(e, node, v);
  const form = formOf(e, node);
  if (v === 0 && isWinogradWeightGradient(e, node, p)) return winogradWeightGradient(e, node, p);
  if (form === "few positions") return convToFewPositions(e, node, p);
  if (form === "few filters") return convWithFewFilters(e, node, p);
  if (v === 0 && isWinograd(e, node, p)) return winograd(e, node, p);
  return convPlain(e, node, p, v, size(out.shape.slice(0, v)), bias);
}

/** The shape of a convolution, of three kinds. */
function formOf(e: Emitter, node: Node): "plain" | "few positions" | "few filters" {
  const p = node.params as ConvParams;
  const rhs = node.inputs[1]!;
  const out = node.outputs[0]!;
  if (e.target.portable || p.vmapDims !== 0 || out.shape.length !== 4) return "plain";
  const positions = size(out.shape.slice(2));
  const kernel = rhs.shape.slice(2);
  if (positions <= 49 && size(kernel) > 4 * positions && p.lhsDilation.every((d) => d === 1)) return "few positions";
  const unit = [...p.strides, ...p.lhsDilation, ...p.rhsDilation].every((d) => d === 1);
  return unit && rhs.shape[0]! <= 4 && rhs.shape[1]! >= 32 && size(kernel) > 1 ? "few filters" : "plain";
}

const isPlain = (e: Emitter, node: Node) => formOf(e, node) === "plain" && node.outputs[0]!.shape.length === 4;

/** [v…, N, C] · [v…, O, C] without spatial axes: a batched matrix product. */
function convWithoutSpace(e: Emitter, node: Node, v: number): Held {
  const [lhs, rhs] = node.inputs as [Atom, Atom];
  const swap = [...rhs.shape.map((_, i) => i).slice(0, v), v + 1, v];
  const name = e.node("MatMul", [e.full(lhs), e.transpose(e.full(rhs), swap)]);
  return { name, shape: node.outputs[0]!.shape };
}

/** Crops for negative padding; returns the non-negative padding that is left. */
function crop(e: Emitter, name: string, shape: number[], first: number, padding: readonly [number, number][]) {
  const axes: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  padding.forEach(([before, after], i) => {
    if (before >= 0 && after >= 0) return;
    const axis = first + i;
    axes.push(axis);
    starts.push(Math.max(0, -before));
    ends.push(shape[axis]! - Math.max(0, -after));
    shape[axis] = ends.at(-1)! - starts.at(-1)!;
  });
  if (axes.length > 0) name = e.slice(name, axes, starts, ends);
  return { name, rest: padding.map(([b, a]): [number, number] => [Math.max(0, b), Math.max(0, a)]) };
}

/** One ONNX Conv; vmapped axes become groups. */
function convPlain(e: Emitter, node: Node, p: ConvParams, v: number, groups: number, bias?: string): Held {
  const [lhs, rhs] = node.inputs as [Atom, Atom];
  const out = node.outputs[0]!;
  const lead = out.shape.slice(0, v);
  let x = vmapped(e, lhs, lead, v);
  let w = vmapped(e, rhs, lead, v);
  const [n, c] = lhs.shape.slice(v) as [number, number];
  const [o] = rhs.shape.slice(v) as [number];
  const inSpace = lhs.shape.slice(v + 2);
  const kernel = rhs.shape.slice(v + 2);
  if (groups > 1 || v > 0) {
    // [groups, N, C, …] → [N, groups · C, …]; [groups, O, C, …] → [groups · O, C, …]
    const space = inSpace.map((_, i) => 3 + i);
    x = e.reshape(x, [groups, n, c, ...inSpace]);
    x = e.reshape(groups > 1 && n > 1 ? e.transpose(x, [1, 0, 2, ...space]) : x, [n, groups * c, ...inSpace]);
    w = e.reshape(w, [groups * o, c, ...kernel]);
  }
  const shape = [n, groups * c, ...inSpace];
  if (p.lhsDilation.some((d) => d !== 1)) {
    x = dilate(e, x, shape, 2, p.lhsDilation, "float32");
    inSpace.forEach((d, i) => {
      shape[2 + i] = (d - 1) * p.lhsDilation[i]! + 1;
    });
  }
  const cropped = crop(e, x, shape, 2, p.padding);
  const pads = [...cropped.rest.map((r) => r[0]), ...cropped.rest.map((r) => r[1])];
  const attributes = { kernel_shape: kernel, strides: p.strides, dilations: p.rhsDilation, group: groups, pads };
  let name =
    blocked(e, cropped.name, w, c, o, groups, kernel, attributes, bias) ??
    e.node("Conv", bias ? [cropped.name, w, bias] : [cropped.name, w], attributes);
  if (groups > 1 || v > 0) {
    const outSpace = out.shape.slice(v + 2);
    name = e.reshape(name, [n, groups, o, ...outSpace]);
    if (groups > 1 && n > 1) name = e.transpose(name, [1, 0, 2, ...outSpace.map((_, i) => 3 + i)]);
    name = e.reshape(name, out.shape);
  }
  return { name, shape: out.shape };
}

function vmapped(e: Emitter, a: Atom, lead: readonly number[], v: number): string {
  const full = e.full(a);
  const want = [...lead, ...a.shape.slice(v)];
  return String(want) === String(a.shape) ? full : e.node("Expand", [full, e.ints(want)]);
}

/**
 * The convolution in ONNX Runtime's blocked layout: [N, C/b, H, W, b]. It takes weights that are inputs, which ONNX
 * Runtime's own layout pass does not, and reaches a higher share of peak than the default path through SGEMM.
 */
function blocked(
  e: Emitter,
  x: string,
  w: string,
  channels: number,
  filters: number,
  groups: number,
  kernel: readonly number[],
  attributes: Record<string, number | readonly number[]>,
  bias?: string,
): string | undefined {
  const b = e.target.channelBlock;
  if (b === 0 || groups !== 1 || kernel.length !== 2 || filters % b !== 0) return undefined;
  const domain = "com.microsoft.nchwc";
  const [kh, kw] = kernel as [number, number];
  let input: string;
  let weights: string;
  if (channels % b === 0) {
    input = e.node("ReorderInput", [x], {}, { domain });
    const split = e.reshape(w, [filters / b, b, channels / b, b, kh, kw]);
    weights = e.hoistable(e.reshape(e.transpose(split, [0, 2, 4, 5, 3, 1]), [filters, channels, kh, kw]));
  } else if (channels < b) {
    input = x;
    const split = e.reshape(w, [filters / b, b, channels, kh, kw]);
    weights = e.hoistable(e.reshape(e.transpose(split, [0, 2, 3, 4, 1]), [filters, channels, kh, kw]));
  } else return undefined;
  const y = e.node("Conv", bias ? [input, weights, bias] : [input, weights], attributes, { domain });
  return e.node("ReorderOutput", [y], { channels: filters }, { domain });
}

/**
 * Weight gradients: out[c, o, u, v] = Σ_{n,y,x} lhs[c, n, u+y, v+x] · rhs[o, n, y, x] for a few positions (u, v).
 *
 * Both sides are laid out as [channel, y, n, x], rows of equal width, and flattened over y, n and x. A shift by (u, v) is
 * then one contiguous slice of the left side, and every position one matrix product of [o, L] by [c, L]: weights in their
 * own order. Zeros at the right of each row serve its neighbour as the zeros at the left, so that L exceeds the number of
 * pixels by those columns alone.
 */
function convToFewPositions(e: Emitter, node: Node, p: ConvParams): Held {
  const [lhs, rhs] = node.inputs as [Atom, Atom];
  const out = node.outputs[0]!;
  const [c, n] = lhs.shape as [number, number];
  const [o] = rhs.shape as [number];
  const [oh, ow] = out.shape.slice(2) as [number, number];
  const shape = [...lhs.shape];
  const cropped = crop(e, e.full(lhs), shape, 2, p.padding);
  const [h, w] = shape.slice(2) as [number, number];
  const [kh, kw] = rhs.shape.slice(2) as [number, number];
  const [dh, dw] = p.rhsDilation as [number, number];
  const [sh, sw] = p.strides as [number, number];
  const g = dilate(e, e.full(rhs), [o, n, kh, kw], 2, [dh, dw], "float32");
  const [gh, gw] = [(kh - 1) * dh + 1, (kw - 1) * dw + 1];
  const [top, left] = [cropped.rest[0]![0], cropped.rest[1]![0]];
  const right = Math.max(0, (ow - 1) * sw + gw - left - w);
  const width = Math.max(w + Math.max(left, right), gw);
  // Shifts to the left of the first row, or to the right of the last, read from one more row of zeros.
  const [above, below] = [left > 0 ? 1 : 0, (ow - 1) * sw > left ? 1 : 0];
  const rows = Math.max(top + h, (oh - 1) * sh + gh);
  const none: [number, number] = [0, 0];
  const image = e.pad(cropped.name, [none, none, [above + top, rows - top - h + below], [0, width - w]], "float32");
  const wide = e.pad(g, [none, none, none, [0, width - gw]], "float32");
  const x = e.reshape(e.transpose(image, [0, 2, 1, 3]), [c, (above + rows + below) * n * width]);
  const length = gh * n * width;
  const y = e.reshape(e.transpose(wide, [0, 2, 1, 3]), [o, length]);
  const shifts: string[] = [];
  for (let u = 0; u < oh; u++)
    for (let v = 0; v < ow; v++) {
      const at = (above + u * sh) * n * width + v * sw - left;
      shifts.push(e.slice(x, [1], [at], [at + length]));
    }
  const positions = oh * ow;
  if (c <= 4) {
    // Few channels: all positions are the rows of one product.
    const stack = e.reshape(
      e.node(
        "Concat",
        shifts.map((s) => e.reshape(s, [c, 1, length])),
        { axis: 1 },
      ),
      [c * positions, length],
    );
    const product = e.reshape(e.node("Gemm", [y, stack], { transB: 1 }), [o, c, positions]);
    return { name: e.transpose(e.reshape(product, [o, c, oh, ow]), [1, 0, 2, 3]), shape: out.shape };
  }
  const products = shifts.map((s) => e.reshape(e.node("Gemm", [y, s], { transB: 1 }), [1, o * c]));
  const stacked = positions === 1 ? products[0]! : e.node("Concat", products, { axis: 0 });
  const weights = e.reshape(swapAxes(e, stacked, positions), [o, c, oh, ow]);
  return { name: e.transpose(weights, [1, 0, 2, 3]), shape: out.shape };
}

/** [k, m] → [m, k] for small k as a product with the identity: several times faster than ONNX Runtime's Transpose. */
function swapAxes(e: Emitter, name: string, k: number): string {
  if (k === 1) return name;
  const identity = new Float32Array(k * k);
  for (let i = 0; i < k; i++) identity[i * k + i] = 1;
  return e.node("Gemm", [name, e.constant(identity, [k, k], onnxTypes.float32)], { transA: 1 });
}

/**
 * A few filters over many channels: every tap's filters applied to every pixel as one matrix product, then the taps'
 * results, which are small, shifted and added.
 */
function convWithFewFilters(e: Emitter, node: Node, p: ConvParams): Held {
  const [lhs, rhs] = node.inputs as [Atom, Atom];
  const { shape } = node.outputs[0]!;
  const [n, c, h, w] = lhs.shape as [number, number, number, number];
  const [o, , kh, kw] = rhs.shape as [number, number, number, number];
  const rows = e.hoistable(e.reshape(e.transpose(e.full(rhs), [2, 3, 0, 1]), [kh * kw * o, c]));
  const product = e.node("MatMul", [rows, e.reshape(e.full(lhs), [n, c, h * w])]);
  const taps = e.reshape(product, [n, kh * kw * o, h, w]);
  const none: [number, number] = [0, 0];
  const around = p.padding.map(([before, after]): [number, number] => [Math.max(0, before), Math.max(0, after)]);
  const padded = e.pad(taps, [none, none, ...around], "float32");
  const shifted: string[] = [];
  for (let u = 0; u < kh; u++)
    for (let v = 0; v < kw; v++) {
      const tap = (u * kw + v) * o;
      const [y, x] = [u, v].map((k, i) => k + Math.max(0, -p.padding[i]![0])) as [number, number];
      shifted.push(e.slice(padded, [1, 2, 3], [tap, y, x], [tap + o, y + shape[2]!, x + shape[3]!]));
    }
  return { name: e.node("Sum", shifted), shape };
}

export const convolutions: Record<string, Rule> = { conv };
