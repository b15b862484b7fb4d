import type { Atom } from "../graph/graph.ts";
import { size } from "../tensor.ts";
import type { Emitter, Held, Rule } from "./emitter.ts";

/** A held array with as many stored axes as its value has. */
function ranked(e: Emitter, a: Atom): Held {
  const held = e.get(a);
  if (held.shape.length === a.shape.length) return held;
  const shape = [...new Array<number>(a.shape.length - held.shape.length).fill(1), ...held.shape];
  return { name: e.reshape(held.name, shape), shape };
}

/** New axes are stored as ones; nothing is copied. */
const broadcast: Rule = (e, node) => {
  const held = ranked(e, node.inputs[0]!);
  const { shape, axis } = node.params as { shape: number[]; axis: number[] };
  const stored: number[] = [];
  let from = 0;
  for (let i = 0; i < shape.length; i++) stored.push(axis.includes(i) ? 1 : held.shape[from++]!);
  return [{ name: e.shaped(held, stored), shape: stored }];
};

const reshape: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  return [reshaped(e, ranked(e, a), a, node.params.shape as number[])];
};

/**
 * A held array of a value under the shape `to`. Pending broadcasts stay pending where the reshape only splits or merges axes
 * that are all pending or all stored; otherwise they are carried out first.
 */
export function reshaped(e: Emitter, held: Held, { shape: from, dtype }: Atom, to: readonly number[]): Held {
  if (size(held.shape) === size(from)) return { name: e.shaped(held, to), shape: to };
  const stored = reshapePending(from, held.shape, to);
  if (stored) return { name: e.shaped(held, stored), shape: stored };
  return { name: e.reshape(e.expanded(held, from, dtype), to), shape: to };
}

/** Stored shape after reshaping `shape` (stored as `stored`) to `to`, or undefined where a broadcast is cut. */
export function reshapePending(
  shape: readonly number[],
  stored: readonly number[],
  to: readonly number[],
): number[] | undefined {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < shape.length || j < to.length) {
    let from = 1;
    let into = 1;
    const startI = i;
    const startJ = j;
    if (i < shape.length) from *= shape[i++]!;
    if (j < to.length) into *= to[j++]!;
    while (from !== into || from === 0) {
      if (from < into && i < shape.length) from *= shape[i++]!;
      else if (j < to.length) into *= to[j++]!;
      else return undefined;
    }
    const group = stored.slice(startI, i);
    const logical = shape.slice(startI, i);
    if (group.every((d) => d === 1)) for (let k = startJ; k < j; k++) out.push(1);
    else if (group.every((d, k) => d === logical[k])) out.push(...to.slice(startJ, j));
    else return undefined;
  }
  return out;
}

const transpose: Rule = (e, node) => {
  const held = ranked(e, node.inputs[0]!);
  const perm = node.params.perm as number[];
  const shape = perm.map((p) => held.shape[p]!);
  const moved = perm.filter((p) => held.shape[p] !== 1);
  const inOrder = moved.every((p, i) => i === 0 || moved[i - 1]! < p);
  return [{ name: inOrder ? e.shaped(held, shape) : e.transpose(held.name, perm), shape }];
};

const flip: Rule = (e, node) => {
  const held = ranked(e, node.inputs[0]!);
  const axes = (node.params.axis as number[]).filter((a) => held.shape[a] !== 1);
  if (axes.length === 0) return [held];
  const turned = kernelsFlipped(e, held, axes);
  if (turned) return [{ name: turned, shape: held.shape }];
  const least = -(2 ** 31);
  const name = e.slice(
    held.name,
    axes,
    axes.map(() => -1),
    axes.map(() => least),
    axes.map(() => -1),
  );
  return [{ name, shape: held.shape }];
};

/**
 * Many small kernels flipped on all of their axes, which come last: as rows in the opposite order, each of one place in all kernels. On
 * a CPU that takes a third of the time of a Slice with negative steps.
 */
function kernelsFlipped(e: Emitter, { name, shape }: Held, axes: readonly number[]): string | undefined {
  const first = shape.length - axes.length;
  if (e.target.channelBlock === 0 || axes.some((axis, i) => axis !== first + i)) return undefined;
  const [kernels, places] = [size(shape.slice(0, first)), size(shape.slice(first))];
  if (places > 32 || kernels < 1024) return undefined;
  const rows = e.transpose(e.reshape(name, [kernels, places]), [1, 0]);
  const opposite = e.node("Gather", [rows, e.ints(Array.from({ length: places }, (_, i) => places - 1 - i))], {
    axis: 0,
  });
  e.know(opposite, [places, kernels]);
  return e.reshape(e.transpose(opposite, [1, 0]), shape);
}

const shrink: Rule = (e, node) => {
  const held = ranked(e, node.inputs[0]!);
  const [a] = node.inputs as [Atom];
  const slice = node.params.slice as [number, number][];
  const axes = slice.flatMap(([s, t], i) => (held.shape[i] === a.shape[i] && (s !== 0 || t !== a.shape[i]) ? [i] : []));
  const shape = held.shape.map((d, i) =>
    axes.includes(i) ? slice[i]![1] - slice[i]![0] : slice[i]![1] === slice[i]![0] ? 0 : d,
  );
  if (axes.length === 0) return [{ name: held.name, shape: held.shape }];
  const name = e.slice(
    held.name,
    axes,
    axes.map((i) => slice[i]![0]),
    axes.map((i) => slice[i]![1]),
  );
  return [{ name, shape }];
};

const pad: Rule = (e, node) => {
  const [a] = node.inputs as [Atom];
  const width = node.params.width as [number, number][];
  return [{ name: e.pad(e.full(a), width, a.dtype), shape: node.outputs[0]!.shape }];
};

const concatenate: Rule = (e, node) => {
  const axis = node.params.axis as number;
  return [
    {
      name: e.node(
        "Concat",
        node.inputs.map((a) => e.full(a)),
        { axis },
      ),
      shape: node.outputs[0]!.shape,
    },
  ];
};

const split: Rule = (e, node) => {
  const { axis, sizes } = node.params as { axis: number; sizes: number[] };
  const source = e.full(node.inputs[0]!);
  if (sizes.length === 1) return [{ name: source, shape: node.outputs[0]!.shape }];
  const names = e.multi("Split", [source, e.ints(sizes)], sizes.length, { axis });
  return names.map((name, i) => ({ name, shape: node.outputs[i]!.shape }));
};

export const movement: Record<string, Rule> = { broadcast, reshape, transpose, flip, shrink, pad, concatenate, split };
