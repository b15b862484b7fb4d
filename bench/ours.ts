/**
 * How the cases reach the engine: the chunked evaluation that a condensation uses. Sums over samples and maps over groups are
 * the engine's own; rows of single samples are groups of a size measured here.
 */
import type { Array as Traced } from "@jax-js/jax";
import { type Hosted, mapGroups, sumOverSamples, type Tensor } from "../src/engine/index.ts";

export { mapGroups as perGroup, sumOverSamples as chunkedSum };

/** Images at a time worth trying; each must divide the number of images. */
const candidates = [8, 16, 32] as const;

/**
 * A function of samples that treats every row alone, [n, …] → [n, d], evaluated in chunks over all cores. The first call
 * measures the chunk size.
 */
export function chunkedRows<F>(fn: (fixed: F, samples: Traced) => Traced, options: { name?: string } = {}) {
  const mapped = mapGroups((fixed: F, group: Traced): Traced => {
    const [, ...inner] = group.shape;
    const rows = fn(fixed, group.reshape(inner));
    return rows.reshape([1, ...rows.shape]);
  }, options);
  const run = async (fixed: Hosted<F>, samples: Tensor, chunk: number): Promise<Tensor> => {
    const [n, ...inner] = samples.shape as [number, ...number[]];
    const groups = samples.reshape([n / chunk, chunk, ...inner]);
    const rows = (await mapped(fixed, groups as Hosted<Traced>)) as Tensor;
    return rows.reshape([n, ...rows.shape.slice(2)]);
  };
  let best: number | undefined;
  return async (fixed: Hosted<F>, samples: Tensor): Promise<Tensor> => {
    best ??= await fastest((chunk) => run(fixed, samples, chunk));
    return run(fixed, samples, best);
  };
}

async function fastest(run: (chunk: number) => Promise<unknown>): Promise<number> {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const chunk of candidates) {
    await run(chunk);
    const started = performance.now();
    await run(chunk);
    const took = performance.now() - started;
    if (took < least) [best, least] = [chunk, took];
  }
  return best;
}
