import { AttarError } from "../src/engine/errors.ts";
import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";

/** A parser under test. */
export interface Target {
  readonly name: string;
  /** Whole files that it reads. */
  seeds(): Promise<readonly Uint8Array[]> | readonly Uint8Array[];
  /**
   * The parts that inputs are made of before they are changed, and what makes a file of them again, where a checksum or a compression
   * would keep most changes from the parser.
   */
  readonly sealed?: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Reads an input; `folder` is empty, for parsers that take a path. */
  parse(bytes: Uint8Array, folder: string): unknown;
}

/** Input number `index` of a target: the same for the same seed, whatever ran before. */
export async function inputOf(
  { name, sealed }: Target,
  seeds: readonly Uint8Array[],
  seed: number,
  index: number,
): Promise<Uint8Array> {
  const random = new Random(name, seed, index);
  const bytes = mutate(seeds, random);
  return sealed && random.whole(4) > 0 ? await sealed(bytes) : bytes;
}

/** How an input fared. */
export interface Outcome {
  readonly read: boolean;
  /** Processor time of the process while it was read. */
  readonly seconds: number;
  /** An exception that no parser may let out. */
  readonly fault?: string;
}

/** Reads one input: an AttarError is an answer, anything else that is thrown a fault. */
export async function tryInput({ parse }: Target, bytes: Uint8Array, folder: string): Promise<Outcome> {
  const before = process.cpuUsage();
  const seconds = () => (({ user, system }) => (user + system) / 1e6)(process.cpuUsage(before));
  try {
    await parse(bytes, folder);
    return { read: true, seconds: seconds() };
  } catch (error) {
    if (error instanceof AttarError && error.message !== "") return { read: false, seconds: seconds() };
    const what = error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
    return { read: false, seconds: seconds(), fault: what.split("\n").slice(0, 4).join(" | ") };
  }
}
