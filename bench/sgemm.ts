import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { compile, randomKey, tensor } from "../src/engine/index.ts";
import { perGroup } from "./ours.ts";
import type { Peer } from "./peer.ts";
import { gflops } from "./statistics.ts";

const side = 2048;
/** Products a run: the way to the execution thread and back is then a small part of it. */
const chain = 6;

/**
 * The machine's SGEMM rate through the default executor: the largest of `runs` runs of a chain of 2048x2048 products, by all
 * threads together on one product and by each thread on its own.
 */
export async function sgemmGflops(runs: number, threads: number): Promise<number> {
  const key = randomKey(0).fold("sgemm");
  const data = key.normal(side * side).map((v) => v / Math.sqrt(side));
  const together = compile(products, { name: "products of all threads" });
  const apart = perGroup((a: Traced, b: Traced) => products(a, b.reshape([side, side])).reshape([1, side]), {
    name: "products of each thread",
  });
  const a = tensor(data, [side, side]);
  const stacked = new Float32Array(threads * data.length);
  for (let i = 0; i < threads; i++) stacked.set(data, i * data.length);
  const groups = tensor(stacked, [threads, side, side]);
  const best = { together: Number.POSITIVE_INFINITY, apart: Number.POSITIVE_INFINITY };
  for (let run = 0; run <= runs; run++) {
    const first = await milliseconds(() => together(a as never, a as never));
    const second = await milliseconds(() => apart(a as never, groups as never));
    if (run === 0) continue;
    best.together = Math.min(best.together, first);
    best.apart = Math.min(best.apart, second);
  }
  together.dispose();
  apart.dispose();
  const work = chain * side ** 3;
  return Math.max(gflops(work, best.together), gflops(threads * work, best.apart));
}

/** The peer's own rate: the largest of `runs` single products, which it times without any transfer. */
export async function peerSgemmGflops(peer: Peer, runs: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < chain * runs; run++) best = Math.min(best, await peer.sgemm(side));
  return gflops(side ** 3, best);
}

/** The largest rates of several measurements, by side. */
export function sgemmRates(measured: readonly { gflops: number; peerGflops: number | null }[]) {
  const theirs = measured.flatMap(({ peerGflops }) => (peerGflops === null ? [] : [peerGflops]));
  return {
    sgemmGflops: Math.max(...measured.map(({ gflops }) => gflops)),
    peerSgemmGflops: theirs.length > 0 ? Math.max(...theirs) : null,
  };
}

/** b ← a b, several times; returns the sums of its rows, so that little comes back. */
function products(a: Traced, b: Traced): Traced {
  let out = b;
  for (let i = 0; i < chain; i++) out = np.matmul(i < chain - 1 ? a.ref : a, out);
  return np.sum(out, 1);
}

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
