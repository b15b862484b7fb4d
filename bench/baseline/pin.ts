import { readFile } from "node:fs/promises";
import { encodeSafetensors, type NumericTensor, parseSafetensors } from "../../src/data/index.ts";

/** A tensor of a pinned file; all are float32. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The content of a pinned file: tensors by name and the command that made them. */
export interface Pin {
  readonly tensors: Readonly<Record<string, FloatTensor>>;
  readonly command: string;
  /** The processor, since rounding differs between kinds. */
  readonly processor: string;
}

/** The largest image tensor, in numbers, that is pinned whole; of larger ones the class means and first images are. */
const wholeFloats = 8_000;

const isFloat = (tensor: NumericTensor | undefined): tensor is NumericTensor & FloatTensor =>
  tensor?.data instanceof Float32Array;

/**
 * Reduces a `condensed.safetensors` file to what is pinned: `images` [m, c, h, w], or `class_means` and `first_images`
 * [classes, c, h, w] of a larger set; `soft_labels` and `lr` where there are any.
 */
export async function pinOf(path: string, command: string, processor: string): Promise<Pin> {
  const { tensors } = parseSafetensors(await readFile(path), path);
  const images = tensors.get("images");
  if (!isFloat(images)) throw new Error(`${path} has no float32 images`);
  const others = ["soft_labels", "lr"].flatMap((name) => {
    const tensor = tensors.get(name);
    return isFloat(tensor) ? [[name, tensor] as const] : [];
  });
  const pinned = images.data.length <= wholeFloats ? { images } : byClass(images, classesOf(tensors));
  return { tensors: { ...pinned, ...Object.fromEntries(others) }, command, processor };
}

/** The class of each image: its label, or the position of its largest soft label. */
function classesOf(tensors: ReadonlyMap<string, NumericTensor>): number[] {
  const labels = tensors.get("labels");
  if (labels) return Array.from(labels.data as BigInt64Array, Number);
  const soft = tensors.get("soft_labels")!;
  const [count, width] = soft.shape as [number, number];
  const data = soft.data as Float32Array;
  return Array.from({ length: count }, (_, i) => {
    const row = data.subarray(i * width, (i + 1) * width);
    return row.indexOf(Math.max(...row));
  });
}

function byClass({ shape, data }: FloatTensor, classes: readonly number[]) {
  const sample = shape.slice(1);
  const width = sample.reduce((a, b) => a * b, 1);
  const count = Math.max(...classes) + 1;
  const sums = new Float64Array(count * width);
  const first = new Float32Array(count * width);
  const seen = new Uint32Array(count);
  classes.forEach((c, i) => {
    const image = data.subarray(i * width, (i + 1) * width);
    if (seen[c]! === 0) first.set(image, c * width);
    for (const [k, value] of image.entries()) sums[c * width + k]! += value;
    seen[c]! += 1;
  });
  const means = Float32Array.from(sums, (sum, i) => sum / Math.max(1, seen[Math.floor(i / width)]!));
  return {
    class_means: { shape: [count, ...sample], data: means },
    first_images: { shape: [count, ...sample], data: first },
  };
}

/** The bytes of a pinned file. */
export const encodePin = ({ tensors, command, processor }: Pin): Uint8Array =>
  encodeSafetensors(
    Object.fromEntries(Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape: [...shape], data }])),
    { command, processor },
  );

/** Reads a pinned file; undefined where there is none. */
export async function readPin(path: string): Promise<Pin | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return undefined;
  const { tensors, metadata } = parseSafetensors(bytes, path);
  return {
    tensors: Object.fromEntries(
      [...tensors].filter((entry): entry is [string, FloatTensor & NumericTensor] => isFloat(entry[1])),
    ),
    command: metadata.command ?? "",
    processor: metadata.processor ?? "",
  };
}

/**
 * The largest absolute difference between two pins and the tensor that has it; infinite where names or shapes differ.
 */
export function distance(a: Pin, b: Pin): { readonly largest: number; readonly tensor: string } {
  let worst = { largest: 0, tensor: "" };
  const names = new Set([...Object.keys(a.tensors), ...Object.keys(b.tensors)]);
  for (const tensor of names) {
    const [x, y] = [a.tensors[tensor], b.tensors[tensor]];
    if (!x || !y || x.shape.join() !== y.shape.join()) return { largest: Number.POSITIVE_INFINITY, tensor };
    for (const [i, value] of x.data.entries()) {
      const largest = Math.abs(value - y.data[i]!);
      if (!(largest <= worst.largest)) worst = { largest, tensor };
    }
  }
  return worst;
}
