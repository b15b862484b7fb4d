import { buildNetwork, convnet } from "../src/hypotheses/index.ts";
import type { SizedCase } from "./cases/index.ts";
import type { Parity } from "./parity.ts";
import { Peer } from "./peer.ts";
import { firstRuns, parityOf, referenceOf } from "./peerParity.ts";
import { classes } from "./problem.ts";

/** The channels of the network; the case's memory is then far from what it takes when it is timed. */
const width = 16;

/** An activation without a corner: a rectifier's unit at zero but for rounding passes its gradient on one side and not on the other. */
export const smooth = { activation: "swish" } as const;

/** The farthest that PyTorch's float32 may be from float64 without a corner. A missing weight decay is 5e-3 of the movement of weights. */
export const mostSmooth = 1e-4;

/**
 * Whether attar and PyTorch compute the same step on a small network with a smooth activation, where only rounding is between
 * them, and the same functions, settings and order are at work as in the step that is timed.
 */
export async function smoothParity({ body, input }: SizedCase, threads: number): Promise<Parity> {
  const prepared = await body.prepare(buildNetwork(convnet({ width, ...smooth }), input, classes));
  const ours = await firstRuns(body, prepared.run);
  const peer = await Peer.start({ threads });
  try {
    const reference = await referenceOf(peer, body, prepared.tensors, smooth);
    return parityOf(body, prepared, reference, [ours], mostSmooth);
  } finally {
    peer.stop();
  }
}
