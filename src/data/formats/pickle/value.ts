import { badData } from "../../badData.ts";
import type { NumericArray, NumericTensor } from "../npy.ts";

/**
 * A value of a pickle: None is null, an int above 2⁵³ is a bigint, lists, tuples and sets are arrays, dicts are maps, bytes are a
 * Uint8Array. A `str` of Python 2 is text where it is ASCII, else bytes. Values may refer to themselves, as Python's may.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | ArrayValue
  | Named
  | Opaque;

/** An array of NumPy, or a tensor of PyTorch: numbers in C order. */
export class ArrayValue implements NumericTensor {
  shape: readonly number[] = [0];
  data: NumericArray = new Uint8Array(0);

  /** Takes what the pickle gives it after it was made: of arrays that are made empty. */
  build(_state: PickleValue, { where }: PickleContext): void {
    throw badData(where, "the pickle is damaged (a tensor is given a state)");
  }

  static of(shape: readonly number[], data: NumericArray): ArrayValue {
    return Object.assign(new ArrayValue(), { shape, data });
  }
}

/** A function or class that a pickle names, one of those allowed. */
export class Named {
  constructor(readonly name: string) {}
}

/** Something on the way to an array that is no value by itself: an element type, a storage. */
export abstract class Opaque {
  build(_state: PickleValue, { where }: PickleContext): void {
    throw badData(where, "the pickle is damaged (a storage is given a state)");
  }
}

/** Calls of the functions and classes that a pickle may name, by name: "collections.OrderedDict". */
export type Globals = Readonly<Record<string, Call>>;

/** The result of a call. @throws AttarError "bad-data" for arguments of another kind than Python would give */
export type Call = (args: readonly PickleValue[], context: PickleContext) => PickleValue;

/** The file that a pickle is read from, for messages, and the memory that its arrays may still take. */
export interface PickleContext {
  readonly where: string;
  take(bytes: number): void;
}

/** The word for a value's kind in messages. */
export function kindOf(value: PickleValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "None";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Map) return "a dict";
  if (value instanceof ArrayValue) return `an array of shape [${value.shape}]`;
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Named) return value.name;
  return typeof value === "string" ? "text" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
