import { badData } from "../badData.ts";
import type { Split } from "../dataset.ts";
import { type CifarKind, cifarClasses, cifarPixels } from "./cifar.ts";
import { entryOf, parsePickle } from "./pickle/pickle.ts";
import { ArrayValue, kindOf, type PickleValue } from "./pickle/value.ts";

/**
 * Reads CIFAR's batches for Python (`data_batch_1`, or CIFAR-100's `train`), joined in order: a pickled dict with `data`, bytes
 * [n, 3072], and a list of `labels` (of CIFAR-100 `fine_labels`). Nothing in them is run.
 *
 * @returns images [n, 3, 32, 32] and labels
 * @throws AttarError "bad-data" naming the file
 */
export function parseCifarPickles(
  files: readonly { readonly bytes: Uint8Array; readonly where: string }[],
  kind: CifarKind,
): Split {
  const key = kind === "cifar-10" ? "labels" : "fine_labels";
  const classes = cifarClasses(kind);
  const parts = files.map(({ bytes, where }) => {
    const batch = parsePickle(bytes, where);
    const [data, labels] = [keyed(batch, "data"), keyed(batch, key)];
    if (!(data instanceof ArrayValue) || !(data.data instanceof Uint8Array) || data.shape[1] !== cifarPixels)
      throw badData(where, `"data" is ${kindOf(data)}, expected bytes [n,${cifarPixels}]`);
    if (!Array.isArray(labels) || labels.length !== data.shape[0])
      throw badData(where, `"${key}" is ${kindOf(labels)}, expected a list of ${data.shape[0]} labels`);
    const own = labels.map((label, i) => {
      const value = Number(label);
      if (!(Number.isInteger(value) && value >= 0 && value < classes))
        throw badData(where, `label ${i} is ${label}, out of range 0 to ${classes - 1}`);
      return value;
    });
    return { pixels: data.data, labels: own };
  });
  const images = new Uint8Array(parts.reduce((sum, { pixels }) => sum + pixels.length, 0));
  let at = 0;
  for (const { pixels } of parts) {
    images.set(pixels, at);
    at += pixels.length;
  }
  return { images, labels: Int32Array.from(parts.flatMap(({ labels }) => labels)) };
}

/** The value at a text, or at the bytes of one: keys of a pickle that went through Python 3 are bytes. */
function keyed(dict: PickleValue, key: string): PickleValue | undefined {
  const own = entryOf(dict, key);
  if (own !== undefined || !(dict instanceof Map)) return own;
  const latin = new TextDecoder("latin1");
  for (const [name, value] of dict) if (name instanceof Uint8Array && latin.decode(name) === key) return value;
  return undefined;
}
