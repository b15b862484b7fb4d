import { integer, number } from "../../engine/index.ts";

/** A whole number from `least` on. */
export const wholeNumber = (value: number, least: number, meaning: string) => integer(value, least, undefined, meaning);

/** A number above 0, from 10⁻¹² on. */
export const positive = (value: number, meaning: string) => number(value, 1e-12, undefined, meaning);
