import { badData } from "../../badData.ts";
import { halfFloats } from "../halfFloats.ts";
import { arrayOf, type NumericArray } from "../npy.ts";
import { countOf, countsOf, wrongArguments } from "./arguments.ts";
import { dataGlobals } from "./numpy.ts";
import { ArrayValue, type Call, type Globals, Named, Opaque, type PickleContext, type PickleValue } from "./value.ts";

/** The storages that are read, with their element type in NumPy's words. */
const storages: Readonly<Record<string, string>> = {
  FloatStorage: "<f4",
  DoubleStorage: "<f8",
  HalfStorage: "<f2",
  BFloat16Storage: "bfloat16",
  ByteStorage: "|u1",
  BoolStorage: "|b1",
  CharStorage: "|i1",
  ShortStorage: "<i2",
  IntStorage: "<i4",
  LongStorage: "<i8",
};

/** The bytes of an element in a file. */
export const elementBytes = (type: string): number => (type === "bfloat16" ? 2 : Number(type.slice(2)));

/** The numbers that tensors look at; those of half precision are float32 already. */
class Storage extends Opaque {
  constructor(readonly data: NumericArray) {
    super();
  }
}

/**
 * A reader of the persistent ids of tensors, ("storage", type, key, device, elements): the numbers of each key are read once.
 *
 * @param bytesOf the bytes of a key, as many as are asked for
 */
export function storageReader(
  bytesOf: (key: string, bytes: number) => Uint8Array,
  context: PickleContext,
): (id: PickleValue) => PickleValue {
  const { where } = context;
  const known = new Map<string, Storage>();
  return (id) => {
    const [kind, type, key, , elements, view = null] = Array.isArray(id) ? id : [];
    if (kind !== "storage" || !(type instanceof Named) || typeof key !== "string")
      throw wrongArguments(context, "a persistent id", id);
    if (view !== null) throw badData(where, "its storages are views of one another, which is not read");
    const name = storageType(type);
    if (name === undefined) throw wrongArguments(context, "a persistent id", type);
    const label = `${name} ${key}`;
    const found = known.get(label);
    if (found) return found;
    const count = countOf(elements, "a persistent id", context);
    const raw = bytesOf(key, count * elementBytes(name));
    context.take(name === "<f2" || name === "bfloat16" ? 4 * count : raw.length);
    const data =
      name === "bfloat16"
        ? halfFloats(raw, "BF16")
        : arrayOf(new Uint8Array(raw), { descr: name, shape: [count], fortran: false }, where).data;
    const storage = new Storage(data);
    known.set(label, storage);
    return storage;
  };
}

/** The element type of a storage that a pickle names. */
export const storageType = ({ name }: Named): string | undefined =>
  name.startsWith("torch.") && Object.hasOwn(storages, name.slice(6)) ? storages[name.slice(6)] : undefined;

/** A tensor: a view of a storage by offset, shape and strides. What follows them (gradients, hooks) is left out. */
const tensor: Call = ([storage, offset, shape, strides], context) => {
  if (!(storage instanceof Storage)) throw wrongArguments(context, "a tensor", storage);
  const { data } = storage;
  const from = countOf(offset, "a tensor", context);
  const sizes = countsOf(shape, "a tensor", context);
  const steps = countsOf(strides, "a tensor", context);
  if (sizes.length !== steps.length) throw wrongArguments(context, "a tensor", strides);
  const count = sizes.reduce((product, d) => product * d, 1);
  const last = count === 0 ? -1 : sizes.reduce((at, d, axis) => at + (d - 1) * steps[axis]!, from);
  if (!(last < data.length))
    throw badData(
      context.where,
      `a tensor of shape [${sizes}] reaches element ${last} of a storage of ${data.length} (cut short?)`,
    );
  const own = strided(sizes, steps);
  if (own) {
    context.take(data.BYTES_PER_ELEMENT);
    return ArrayValue.of(sizes, data.subarray(from, from + count) as NumericArray);
  }
  // A tensor that was expanded has more elements than its storage.
  context.take(count * data.BYTES_PER_ELEMENT);
  return ArrayValue.of(sizes, gathered(data, from, sizes, steps, count));
};

/** True where the elements lie one after the other, the last index fastest. */
function strided(sizes: readonly number[], steps: readonly number[]): boolean {
  let expected = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    if (sizes[axis]! > 1 && steps[axis] !== expected) return false;
    expected *= sizes[axis]!;
  }
  return true;
}

function gathered(
  data: NumericArray,
  start: number,
  sizes: readonly number[],
  steps: readonly number[],
  count: number,
): NumericArray {
  const Type = data.constructor as new (length: number) => NumericArray;
  const out = new Type(count);
  const index = sizes.map(() => 0);
  let from = start;
  for (let to = 0; to < count; to++) {
    out[to] = data[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

const parameter: Call = ([data], context) => {
  if (!(data instanceof ArrayValue)) throw wrongArguments(context, "a parameter", data);
  return data;
};

const size: Call = ([shape], context) => countsOf(shape, "torch.Size", context);

const uncalled: Call = (_args, context) => {
  throw wrongArguments(context, "a storage", undefined);
};

/** What files of PyTorch may name: tensors, parameters, storages, and what {@link dataGlobals} has. */
export const torchGlobals: Globals = {
  ...dataGlobals,
  "torch._utils._rebuild_tensor": tensor,
  "torch._utils._rebuild_tensor_v2": tensor,
  "torch._utils._rebuild_parameter": parameter,
  "torch.Size": size,
  ...Object.fromEntries(Object.keys(storages).map((name) => [`torch.${name}`, uncalled])),
};
