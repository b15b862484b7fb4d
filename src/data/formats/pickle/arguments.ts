import { badData } from "../../badData.ts";
import { kindOf, type PickleContext, type PickleValue } from "./value.ts";

/** The error of a call whose arguments are not those that Python would have written. */
export const wrongArguments = ({ where }: PickleContext, name: string, found: PickleValue | undefined) =>
  badData(where, `the pickle is damaged (${name} is given ${kindOf(found)})`);

/** Whole numbers from nought on, at most so many: of a shape, of strides. @throws AttarError "bad-data" */
export function countsOf(value: PickleValue | undefined, name: string, context: PickleContext): number[] {
  const isCount = (v: PickleValue): v is number => Number.isSafeInteger(v) && (v as number) >= 0;
  if (!Array.isArray(value) || value.length > 32 || !value.every(isCount)) throw wrongArguments(context, name, value);
  return value;
}

/** A whole number from nought on. @throws AttarError "bad-data" */
export const countOf = (value: PickleValue | undefined, name: string, context: PickleContext): number =>
  countsOf(value === undefined ? value : [value], name, context)[0]!;

/** The bytes of bytes, or of a `str` of Python 2. @throws AttarError "bad-data" */
export function bytesOf(value: PickleValue | undefined, name: string, context: PickleContext): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (typeof value !== "string") throw wrongArguments(context, name, value);
  return Uint8Array.from(value, (c) => c.charCodeAt(0));
}
