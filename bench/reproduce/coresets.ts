import { methods } from "../../src/methods/index.ts";
import type { Cell } from "./cell.ts";

const coresets = new Set(methods.filter((m) => m.loop === "select").map((m) => m.name));

/** Whether a cell is a subset of the real data, which needs no run. */
export const isCoreset = ({ method }: Pick<Cell, "method">): boolean => coresets.has(method);
