import type { Cell } from "./cell.ts";

/** Settings in whose choice the test split was looked at (decision 5): where, and which. */
interface Seen {
  readonly method: string;
  readonly dataset?: string;
  readonly ipc?: number;
  readonly setting: string;
}

const seen: readonly Seen[] = [
  { method: "bptt", ipc: 1, setting: "the number of steps" },
  { method: "dcc", dataset: "mnist", ipc: 10, setting: "the images' learning rate" },
  { method: "mfc-learned", ipc: 10, setting: "the temperature" },
  { method: "dsa", dataset: "fashion-mnist", setting: "the images' learning rate" },
  { method: "dsa", dataset: "mnist", ipc: 10, setting: "earlier settings of its preset" },
  { method: "idm", dataset: "fashion-mnist", setting: "the number of steps" },
  { method: "lcmat", setting: "ρ" },
  { method: "teddy", setting: "the images' learning rate" },
];

/** The settings of a cell that were looked at on the test split while they were chosen, in words. */
export const seenOnTest = ({ method, dataset, ipc }: Cell): string[] =>
  seen
    .filter((s) => s.method === method && (s.dataset ?? dataset) === dataset && (s.ipc ?? ipc) === ipc)
    .map(({ setting }) => `looked at on the test split: ${setting}`);
