import { randomKey, type Tensor, tensor } from "../src/engine/index.ts";
import type { BenchCase, Prepared } from "./case.ts";
import type { NamedTensors } from "./namedTensors.ts";
import { compare, groupOf, type Parity, type Reference, reachOf } from "./parity.ts";
import type { Peer } from "./peer.ts";
import type { PeerVariant } from "./peerVariant.ts";

/** Layouts of PyTorch's runs in float32 on inputs that are moved a little: its group norm loses more in one than in the other. */
const layouts = ["contiguous", "channels_last"];

/**
 * How far these inputs are moved, relatively. By a rounding where the network is smooth. Where it has corners, so far that some
 * units next to zero pass their gradient where they did not before: in float32 alone it is chance whether one of them does.
 */
const distances = { smooth: 1.5 * 2 ** -24, corners: 128 * 2 ** -24 };

/** Groups of inputs that are moved, but where they are states: every result depends on one of them. */
const nudged = ["params", "images", "trainingImages"];

/** The results of a case's first runs, to be compared. */
export async function firstRuns({ runs = 1 }: BenchCase, run: () => Promise<NamedTensors>): Promise<NamedTensors[]> {
  const results: NamedTensors[] = [];
  for (let i = 0; i < runs; i++) results.push(copied(await run()));
  return results;
}

/** The first runs of a case in PyTorch, in a variant. */
export async function peerRuns(
  peer: Peer,
  body: BenchCase,
  tensors: NamedTensors,
  variant: PeerVariant = {},
): Promise<NamedTensors[]> {
  await peer.load(body.name, tensors, variant);
  return firstRuns(body, () => peer.runAndRead());
}

/**
 * PyTorch's results in float64, and how far its float32 is from them: on the same inputs, and on inputs each moved up or down, in
 * either layout.
 *
 * @param variant what is computed: the network's activation.
 */
export async function referenceOf(
  peer: Peer,
  body: BenchCase,
  tensors: NamedTensors,
  variant: PeerVariant = {},
): Promise<Reference> {
  const results = await peerRuns(peer, body, tensors, { ...variant, precision: "float64" });
  const runs = [await peerRuns(peer, body, tensors, variant)];
  const by = distances[variant.activation === undefined ? "corners" : "smooth"];
  for (const [i, layout] of layouts.entries())
    runs.push(await peerRuns(peer, body, moved(body, tensors, by, i), { ...variant, layout }));
  return { results, reach: reachOf(runs, results, statesOf(body, tensors)) };
}

/** Whether the first runs of each side computed the same as PyTorch in float64; see {@link compare}. */
export function parityOf(
  body: BenchCase,
  { tensors }: Pick<Prepared, "tensors">,
  reference: Reference,
  sides: readonly (readonly NamedTensors[])[],
  most?: number,
): Parity {
  return compare(sides, reference, statesOf(body, tensors), most);
}

/** Where the states that a case moves start from. */
function statesOf({ states }: BenchCase, tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => states?.includes(groupOf(name))));
}

function moved({ states = [] }: BenchCase, tensors: NamedTensors, by: number, seed: number): NamedTensors {
  const groups = nudged.filter((group) => !states.includes(group));
  return Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => [name, groups.includes(groupOf(name)) ? aside(t, by, seed, name) : t]),
  );
}

/** Every element times 1 ± a distance. */
function aside({ data, shape }: Tensor, by: number, seed: number, name: string): Tensor {
  const signs = randomKey(seed).fold("rounding").fold(name).normal(data.length);
  return tensor(
    Float32Array.from(data, (v, i) => v * (1 + Math.sign(signs[i]!) * by)),
    shape,
  );
}

/** A run may write its next state where the last one is. */
function copied(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, tensor(t.data.slice(), t.shape)]));
}
