import { AttarError, nearest } from "../../src/engine/index.ts";
import { methods } from "../../src/methods/index.ts";
import type { Cell, Family } from "./cell.ts";
import { reportedFor } from "./reported.ts";

const coresets = methods.filter((m) => m.loop === "select").map((m) => m.name);

/** Whether a cell is a subset of the real data, which needs no run. */
export const isCoreset = (cell: Cell): boolean => coresets.includes(cell.method);

const cell = (method: string, dataset: string, ipc: number, options: Pick<Cell, "condense" | "evaluate">): Cell => ({
  method,
  dataset,
  ipc,
  ...options,
  reported: reportedFor(method, dataset, ipc),
});

/** The README's table: distribution matching as `attar condense <dataset>` runs it, beside subsets of the same size. */
const quality: Family = {
  name: "quality",
  title: "Ten images per class, the default of `attar condense`",
  notes: [
    "Authors: 20,000 steps with 256 real images per class; here the preset `laptop`.",
    "Scores: two networks, 1000 epochs with augmentation, the last epoch.",
  ],
  cells: ["mnist", "fashion-mnist", "cifar-10"].flatMap((dataset) =>
    ["dm", "random", "herding"].map((method) =>
      cell(method, dataset, 10, { condense: [], evaluate: ["--repeats", "2"] }),
    ),
  ),
};

const families: readonly Family[] = [quality];

/** @throws AttarError "unknown-family" (exit code 2). */
export function familyNamed(name: string): Family {
  const found = families.find((f) => f.name === name);
  if (found) return found;
  const names = families.map((f) => f.name);
  const near = nearest(name, names);
  throw new AttarError(
    "unknown-family",
    `there is no set of experiments "${name}"`,
    `${near ? `Did you mean ${near}? ` : ""}Sets: ${names.join(", ")}.`,
  );
}
