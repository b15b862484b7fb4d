import { arrayOf } from "../npy.ts";
import { bytesOf, countsOf, wrongArguments } from "./arguments.ts";
import { ArrayValue, type Call, type Globals, Opaque, type PickleContext, type PickleValue } from "./value.ts";

/** A `numpy.dtype`: its letters, and the byte order that it is given after. */
class ElementType extends Opaque {
  private order = "<";

  constructor(private readonly letters: string) {
    super();
  }

  /** @param state (version, byte order, …): what follows is of records and is None here */
  override build(state: PickleValue, context: PickleContext): void {
    const order = Array.isArray(state) ? state[1] : undefined;
    if (typeof order !== "string") throw wrongArguments(context, "numpy.dtype", state);
    this.order = order;
  }

  /** As .npy files have it: "<f4", "|u1". */
  get descr(): string {
    return `${this.order}${this.letters}`;
  }
}

/** An array that is made empty and then given (version, shape, element type, Fortran order, bytes). */
class EmptyArray extends ArrayValue {
  override build(state: PickleValue, context: PickleContext): void {
    if (!Array.isArray(state) || state.length !== 5) throw wrongArguments(context, "numpy.ndarray", state);
    const [, shape, type, fortran, raw] = state;
    Object.assign(this, made(raw, type, shape, fortran === true, context));
  }
}

function made(
  raw: PickleValue | undefined,
  type: PickleValue | undefined,
  shape: PickleValue | undefined,
  fortran: boolean,
  context: PickleContext,
) {
  if (!(type instanceof ElementType)) throw wrongArguments(context, "numpy.ndarray", type);
  const own = bytesOf(raw, "numpy.ndarray", context);
  // A half becomes a float32; the copy in C order is another one.
  context.take(own.length * (fortran ? 2 : 1) * 2);
  return arrayOf(own, { descr: type.descr, shape: countsOf(shape, "numpy.ndarray", context), fortran }, context.where);
}

const never: Call = (_args, context) => {
  throw wrongArguments(context, "numpy.ndarray", undefined);
};

const elementType: Call = ([letters], context) => {
  if (typeof letters !== "string") throw wrongArguments(context, "numpy.dtype", letters);
  return new ElementType(letters);
};

const emptyArray: Call = () => new EmptyArray();

/** A number of NumPy's own, such as `float64(0.5)`. */
const scalar: Call = ([type, raw], context) => {
  const [value] = made(raw, type, [], false, context).data;
  return value!;
};

const fromBuffer: Call = ([raw, type, shape, order], context) => {
  const { shape: own, data } = made(raw, type, shape, order === "F", context);
  return ArrayValue.of(own, data);
};

/** How Python 3 writes bytes in old protocols: as text of which each character is a byte. */
const encoded: Call = ([text, encoding], context) => {
  if (typeof text !== "string" || !/^latin-?1$/.test(String(encoding)))
    throw wrongArguments(context, "_codecs.encode", text);
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
};

/** Arrays of NumPy, and ordered dicts: what pickles of plain data name. */
export const dataGlobals: Globals = {
  "collections.OrderedDict": ([pairs]) => {
    if (!Array.isArray(pairs)) return new Map();
    return new Map(pairs.flatMap((pair) => (Array.isArray(pair) ? [[pair[0]!, pair[1]!]] : [])));
  },
  "_codecs.encode": encoded,
  "builtins.bytes": ([raw], context) => (raw === undefined ? new Uint8Array(0) : bytesOf(raw, "bytes", context)),
  "builtins.set": ([items]) => (Array.isArray(items) ? items : []),
  "numpy.ndarray": never,
  "numpy.dtype": elementType,
  "numpy.core.multiarray._reconstruct": emptyArray,
  "numpy._core.multiarray._reconstruct": emptyArray,
  "numpy.core.multiarray.scalar": scalar,
  "numpy._core.multiarray.scalar": scalar,
  "numpy.core.numeric._frombuffer": fromBuffer,
  "numpy._core.numeric._frombuffer": fromBuffer,
};
