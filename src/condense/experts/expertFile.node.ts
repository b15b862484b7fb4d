import { sha256 } from "../../data/checksum.ts";
import type { NumericTensor } from "../../data/formats/npy.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { readBytes } from "../../data/node/readBytes.node.ts";
import { writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError, Tensor } from "../../engine/index.ts";
import type { ExpertProgress, Params } from "../../hypotheses/index.ts";

/** What every expert of a folder has in common. */
export interface ExpertConfiguration {
  readonly dataset: string;
  readonly checksum: string;
  /** How the images are normalised that they see: the kind and every value. */
  readonly normalisation: string;
  /** As `--net` reads it. */
  readonly network: string;
  readonly seed: number;
  /** Training images the experts see; all of them see the same. */
  readonly images: number;
  readonly recipe: { readonly [entry: string]: string | number };
}

/** One expert as its file holds it. */
export interface StoredExpert extends ExpertProgress {
  readonly configuration: ExpertConfiguration;
  readonly index: number;
  /** On the test split after the last epoch; absent without one, and while it trains. */
  readonly accuracy?: number;
}

type Tensors = Record<string, NumericTensor>;

/**
 * Writes one expert as .safetensors: each parameter as `conv1.weight` [epochs + 1, …shape], the optimizer's state as
 * `optimizer.velocity.conv1.weight`; metadata: configuration, index, losses, accuracy, and the SHA-256 of the same file without it.
 */
export async function writeExpert(path: string, expert: StoredExpert): Promise<void> {
  const tensors = tensorsOf(expert);
  const metadata: Record<string, string> = {
    format: "attar-expert",
    configuration: JSON.stringify(expert.configuration),
    index: String(expert.index),
    losses: JSON.stringify(expert.losses),
    ...(expert.accuracy !== undefined && { accuracy: String(expert.accuracy) }),
  };
  const digest = await sha256(encodeSafetensors(tensors, metadata));
  await writeAtomic(path, encodeSafetensors(tensors, { ...metadata, sha256: digest }));
}

/**
 * Reads an expert back.
 *
 * @throws AttarError "damaged-expert" (exit code 1) where the content is not what was written, "absent-file", "bad-data".
 */
export async function readExpert(path: string): Promise<StoredExpert> {
  const { tensors, metadata } = parseSafetensors(await readBytes(path), path);
  const { sha256: digest, ...rest } = metadata;
  if (rest.format !== "attar-expert" || (await sha256(encodeSafetensors(Object.fromEntries(tensors), rest))) !== digest)
    throw new AttarError(
      "damaged-expert",
      `${path} is no expert, or its content has changed since it was written`,
      "Delete the file; the same attar experts command trains it again.",
      1,
    );
  const states: Params[] = [];
  const optimizer: Record<string, Params> = {};
  for (const [name, { data, shape }] of tensors) {
    const parts = name.split(".");
    if (parts[0] === "optimizer") {
      const [, part, layer, tensor] = parts as [string, string, string, string];
      optimizer[part] = placed(optimizer[part], layer, tensor, new Tensor(data as Float32Array, shape, "float32"));
      continue;
    }
    const [layer, tensor] = parts as [string, string];
    const stacked = new Tensor(data as Float32Array, shape, "float32");
    for (let k = 0; k < shape[0]!; k++)
      states[k] = placed(states[k], layer, tensor, stacked.rows(k, k + 1).reshape(shape.slice(1)));
  }
  return {
    states,
    optimizer,
    losses: JSON.parse(rest.losses!),
    configuration: JSON.parse(rest.configuration!),
    index: Number(rest.index),
    ...(rest.accuracy !== undefined && { accuracy: Number(rest.accuracy) }),
  };
}

const placed = (params: Params = {}, layer: string, name: string, value: Tensor): Params => ({
  ...params,
  [layer]: { ...params[layer], [name]: value },
});

function tensorsOf({ states, optimizer }: StoredExpert): Tensors {
  const tensors: Tensors = {};
  for (const [layer, own] of Object.entries(states[0]!))
    for (const [name, { shape, data }] of Object.entries(own)) {
      const all = new Float32Array(states.length * data.length);
      states.forEach((state, k) => {
        all.set(state[layer]![name]!.data as Float32Array, k * data.length);
      });
      tensors[`${layer}.${name}`] = { shape: [states.length, ...shape], data: all };
    }
  for (const [part, params] of Object.entries(optimizer))
    for (const [layer, own] of Object.entries(params))
      for (const [name, { shape, data }] of Object.entries(own))
        tensors[`optimizer.${part}.${layer}.${name}`] = { shape, data: data as Float32Array };
  return tensors;
}
