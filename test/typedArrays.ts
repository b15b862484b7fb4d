import { expect } from "vitest";

/** Typed arrays of one kind are compared number by number: as objects with a key a number they take a hundred times as long. */
expect.addEqualityTesters([
  (a: unknown, b: unknown): boolean | undefined => {
    if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b) || a instanceof DataView || b instanceof DataView)
      return undefined;
    if (a.constructor !== b.constructor) return undefined;
    const [one, other] = [a as Float32Array, b as Float32Array];
    return one.length === other.length && one.every((value, i) => Object.is(value, other[i]));
  },
]);
