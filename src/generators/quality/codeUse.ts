import type { Tensor } from "../../engine/index.ts";
import type { Params } from "../../hypotheses/index.ts";
import { chosenEntries } from "../codebook.ts";
import type { Codes, Generator } from "../generator.ts";

/** Variance of a number of the code over samples above which it is in use (Burda et al. 2016). */
const active = 0.01;

/** The use that samples make of a code. */
export interface CodeUse {
  /** Numbers of the code that vary from sample to sample. */
  readonly activeUnits?: number;
  /** exp of the entropy of the choice of entries: a codebook as large as this, used evenly. */
  readonly perplexity?: number;
}

/** The use that samples make of the part `z` of their codes: of a codebook's entries, or of numbers. */
export function codeUse(generator: Generator, params: Params, codes: Codes): CodeUse {
  if (generator.parts(0).z?.prior === "codebook")
    return { perplexity: perplexity(codes.z!, params.codebook!.entries!) };
  return { activeUnits: variances(codes.z!).filter((v) => v > active).length };
}

function perplexity(codes: Tensor, entries: Tensor): number {
  const chosen = chosenEntries(codes, entries);
  const counts = new Float64Array(entries.shape[0]!);
  for (const k of chosen) counts[k] = counts[k]! + 1 / chosen.length;
  return Math.exp(-counts.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0));
}

function variances({ data, shape: [n] }: Tensor): number[] {
  const m = data.length / n!;
  return Array.from({ length: m }, (_, j) => {
    let [sum, squares] = [0, 0];
    for (let i = 0; i < n!; i++) {
      sum += data[i * m + j]!;
      squares += data[i * m + j]! ** 2;
    }
    return squares / n! - (sum / n!) ** 2;
  });
}
