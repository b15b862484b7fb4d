import { readRecord } from "../condense/node/runRecord.node.ts";
import { arrayShape } from "../data/domain.ts";
import type { DatasetInfo } from "../data/index.ts";
import { type Method, methodNamed, methods } from "../methods/index.ts";

/** Images per class from which dm is as far as m3d within minutes (docs/results/methods.md). */
const manyImages = 10;
/** Pixels of a side below which a picture of half the side says little. */
const leastSide = 28;

/** What a choice of method goes by. */
export interface Wanted {
  readonly ipc: number;
  /** Seconds for the run; undefined where the preset says how long. */
  readonly seconds: number | undefined;
}

/**
 * The method where none is named: dm; of few images a class within a span of time m3d, which keeps four small pictures in one
 * image and so begins farther on, where pictures are large enough for it.
 */
export function usualMethod({ domain }: Pick<DatasetInfo, "domain">, { ipc, seconds }: Wanted): Method {
  const [, height, width] = arrayShape(domain);
  const quarters = domain.kind === "image" && Math.min(height, width) >= leastSide;
  return methodNamed(seconds !== undefined && quarters && ipc < manyImages ? "m3d" : "dm");
}

/** The method of the run that is in a folder, where it is one of the list's. */
export async function methodIn(folder: string): Promise<Method | undefined> {
  const name = (await readRecord(folder))?.configuration.method;
  return methods.find((method) => method.name === name);
}
