import { encodeArtefact, parseArtefact } from "../src/artefacts/file.ts";
import { experts } from "../src/artefacts/index.ts";
import { type Beside, trajectoryTensors } from "../src/artefacts/trajectory.ts";
import { digest, encodeCheckpoint, parseCheckpoint } from "../src/condense/checkpointContent.ts";
import { resolveConfiguration } from "../src/condense/configuration.ts";
import { sha256 } from "../src/data/checksum.ts";
import { encodeCondensed, parseCondensed } from "../src/data/condensedSet.ts";
import { loadDigits } from "../src/data/digits.ts";
import type { NumericTensor } from "../src/data/formats/npy.ts";
import { encodeSafetensors, parseSafetensors } from "../src/data/formats/safetensors.ts";
import { randomKey, tensor } from "../src/engine/index.ts";
import { buildNetwork, mlp } from "../src/hypotheses/index.ts";
import { dm } from "../src/methods/index.ts";
import { networkEncoder } from "../src/views/pushForward/network.ts";
import { encodeEncoder, parseEncoderFile } from "../src/views/pushForward/savedEncoder.ts";
import { ramp } from "../test/fixtures/files/bytes.ts";
import type { Target } from "./target.ts";

const plain = () => [
  encodeSafetensors({ a: { shape: [2], data: Float32Array.of(1, 2) } }, { k: "v" }),
  encodeSafetensors({ images: { shape: [2, 2, 2], data: ramp(8) }, labels: { shape: [2], data: Int32Array.of(0, 1) } }),
];

const normalisation = { scale: 255, mean: [0.5], std: [0.25] };
const set = {
  images: Float32Array.from({ length: 18 }, (_, i) => i / 9 - 1),
  shape: [1, 3, 3] as const,
  labels: Int32Array.of(0, 1),
  classes: ["cat", "dog"],
  normalisation,
  dataset: "pets",
  datasetChecksum: "00",
  method: "dm",
  ipc: 1,
  augmentation: "",
};
const condensed = () => [
  encodeCondensed(set),
  encodeCondensed({ ...set, softLabels: Float32Array.of(0.7, 0.3, 0.2, 0.8), learningRate: 0.1 }),
];

const network = buildNetwork(mlp({ depth: 1, width: 2 }), [1, 3, 3], 2);
const params = network.init(randomKey(0));
const expertFiles = async () => {
  const identity = {
    dataset: "pets",
    checksum: "00",
    normalisation: "none",
    network: "mlp:depth=1,width=2",
    seed: 0,
    images: 2,
    recipe: { epochs: 1, optimizer: "sgd" },
  };
  const notes = { losses: "[1.5]", accuracy: "0.5" };
  const besides: Beside[] = [{}, { optimizer: { velocity: params } }];
  const files = besides.map((beside) =>
    encodeArtefact(experts, {
      identity,
      index: 0,
      notes,
      tensors: trajectoryTensors({ states: [params, params], beside }),
    }),
  );
  return Promise.all(files);
};

const checkpoints = async () => {
  const digits = await loadDigits();
  const state = {
    step: 2,
    slots: {
      variables: { images: tensor(new Float32Array(64), [1, 1, 8, 8]) },
      update: { "velocity/images": tensor(new Float32Array(64), [1, 1, 8, 8]) },
      hypotheses: { "0/params/head/weight": tensor(new Float32Array(4), [2, 2]) },
      guard: { loss: tensor(Float32Array.of(1), [1]), "spread.images": tensor(Float32Array.of(2), [1]) },
    },
  };
  return [await encodeCheckpoint(resolveConfiguration(digits, dm, { ipc: 1, steps: 3 }), state)];
};

/** The file with the hash that belongs to its content; as it is where it is no .safetensors. */
async function rehashed(
  bytes: Uint8Array,
  hash: (tensors: Record<string, NumericTensor>, metadata: Record<string, string>) => Promise<string>,
): Promise<Uint8Array> {
  try {
    const { tensors, metadata } = parseSafetensors(bytes, "f");
    const { sha256: _, ...rest } = metadata;
    const all: Record<string, NumericTensor> = Object.create(null);
    for (const [name, own] of tensors) all[name] = own;
    return encodeSafetensors(all, { ...rest, sha256: await hash(all, rest) });
  } catch {
    return bytes;
  }
}

function floatsOf(tensors: Record<string, NumericTensor>) {
  const out: Record<string, { shape: readonly number[]; data: Float32Array | Int32Array }> = Object.create(null);
  for (const [name, { shape, data }] of Object.entries(tensors))
    if (data instanceof Float32Array || data instanceof Int32Array) out[name] = { shape, data };
  return out;
}

/** Parsers of what is kept as .safetensors. */
export const safetensorsTargets: readonly Target[] = [
  { name: "safetensors", seeds: plain, parse: (bytes) => parseSafetensors(bytes, "f") },
  { name: "condensed", seeds: condensed, parse: (bytes) => parseCondensed(bytes, "f") },
  {
    name: "checkpoint",
    seeds: checkpoints,
    sealed: (bytes) =>
      rehashed(bytes, (all, { configuration = "", step = "" }) => digest(configuration + step, floatsOf(all))),
    parse: (bytes) => parseCheckpoint(bytes, "f"),
  },
  {
    name: "expert",
    seeds: expertFiles,
    sealed: (bytes) => rehashed(bytes, (all, rest) => sha256(encodeSafetensors(all, rest))),
    parse: (bytes) => parseArtefact(experts, bytes, "f"),
  },
  {
    name: "encoder",
    seeds: async () => [
      await encodeEncoder(networkEncoder(network, params, "embedding", "random"), { mean: [0], std: [1] }),
    ],
    sealed: (bytes) => rehashed(bytes, (all, rest) => sha256(encodeSafetensors(all, rest))),
    parse: (bytes) => parseEncoderFile(bytes, "f"),
  },
];
