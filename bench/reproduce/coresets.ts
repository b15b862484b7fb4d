import { isCoreset as isListedCoreset, methods } from "../../src/methods/index.ts";
import type { Cell } from "./cell.ts";

const coresets = new Set(methods.filter(isListedCoreset).map((m) => m.name));

/** Whether a cell is a subset of the real data, which needs no run. */
export const isCoreset = ({ method }: Pick<Cell, "method">): boolean => coresets.has(method);
