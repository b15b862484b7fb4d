import type { SummandPart } from "../data/reader.ts";

/** The places that the numbers of summands have in a sum: parts by class come first, class after class, then those over the set. */
export interface Layout {
  /** Numbers in a summand, and in the sum of all classes. */
  readonly summand: number;
  readonly total: number;
  /** By number of a summand: its place for the first class, and how much further on it is for each next one. */
  readonly places: Int32Array;
  readonly strides: Int32Array;
}

/** The layout of sums of so many classes. */
export function layoutOf(parts: readonly SummandPart[], classes: number): Layout {
  const lengthOver = (over: SummandPart["over"]) =>
    parts.reduce((sum, part) => sum + (part.over === over ? part.length : 0), 0);
  const [byClass, overSet] = [lengthOver("class"), lengthOver("set")];
  const summand = byClass + overSet;
  const [places, strides] = [new Int32Array(summand), new Int32Array(summand)];
  const next = { class: 0, set: classes * byClass };
  let at = 0;
  for (const { length, over } of parts)
    for (let i = 0; i < length; i++, at++) {
      places[at] = next[over]++;
      strides[at] = over === "class" ? byClass : 0;
    }
  return { summand, total: classes * byClass + overSet, places, strides };
}
