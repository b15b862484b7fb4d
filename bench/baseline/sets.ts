import { isBilevel, methods } from "../../src/methods/index.ts";

/** A dataset on which every listed method is pinned. */
export interface PinnedSet {
  /** The name of its folder under golden/baseline. */
  readonly name: string;
  /** What `attar condense` is given; `colour` is a generated folder. */
  readonly dataset: string;
  readonly ipc: number;
}

export const pinnedSets: readonly PinnedSet[] = [
  { name: "digits", dataset: "digits", ipc: 2 },
  { name: "mnist", dataset: "mnist", ipc: 10 },
  { name: "colour", dataset: "colour", ipc: 2 },
];

/** A method and the words after `attar condense DATASET` that pin it. */
export interface PinnedRun {
  readonly method: string;
  readonly words: readonly string[];
}

/**
 * Six steps of every listed method on a small network, one thread. Methods that fit a kernel and no network keep theirs; private
 * ones draw noise that nobody can draw again, and have no pin.
 */
export const runsOf = ({ ipc }: PinnedSet): readonly PinnedRun[] =>
  methods.flatMap((method) => {
    if (method.privacy) return [];
    const kernel = isBilevel(method) && method.objective.solve.name === "kernel-ridge" && !method.network;
    const words = ["--method", method.name, "--preset", "laptop", "--ipc", String(ipc), "--steps", "6"];
    const own = ["--seed", "11", "--threads", "1", ...(kernel ? [] : ["--net", "convnet:depth=2,width=16"])];
    return { method: method.name, words: [...words, ...own] };
  });
