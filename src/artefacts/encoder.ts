import { sha256 } from "../data/checksum.ts";
import { randomKey } from "../engine/index.ts";
import { type NetworkSpec, networkIdentity } from "../hypotheses/index.ts";
import {
  type Encoder,
  type EncoderNormalisation,
  type EncoderSpec,
  encoderFormat,
  encoderFrom,
  type FitProgress,
  type FittingSet,
  fitEncoder,
} from "../views/pushForward/index.ts";
import type { ArtefactRecord, ArtefactStore, Body, Identity, Member } from "./artefact.ts";
import { DamagedArtefact } from "./damaged.ts";
import { orDamaged } from "./file.ts";
import { trajectoryOf, trajectoryTensors } from "./trajectory.ts";

/** The data that an encoder is fitted to, and how its images are normalised where that is known. */
export interface EncoderSource {
  readonly set: FittingSet;
  /** SHA-256 of its images and labels; see {@link setChecksum}. */
  readonly checksum: string;
  readonly normalisation?: EncoderNormalisation;
}

/** An encoder that is asked for. */
export interface EncoderOrder {
  readonly spec: Exclude<EncoderSpec, { kind: "file" | "pixels" }>;
  /** The network of an encoder that is one. */
  readonly network: NetworkSpec;
  readonly seed: number;
}

/** Encoders fitted to a set (§4): principal components, a network's layer, an autoencoder. One member; its file is one of --encoder. */
export const encoder: ArtefactRecord<EncoderSource, EncoderOrder> = {
  name: "encoder",
  noun: "encoder",
  title: "encoders fitted to a set",
  reference: "§4",
  options: {},
  format: encoderFormat,
  checkNotes: () => {},
  check: () => {},
  spec({ set, checksum, normalisation }, { spec, network, seed }) {
    const { mean, std, zca } = normalisation ?? {};
    const units: Body["notes"] = mean && std && !zca ? { mean: JSON.stringify(mean), std: JSON.stringify(std) } : {};
    const identity: Identity = {
      dataset: set.name,
      checksum,
      normalisation: units.mean ? `mean ${units.mean}, std ${units.std}` : "",
      encoder: { ...spec },
      ...(spec.kind === "network" && networkIdentity(network)),
      seed,
      recipe: {},
    };
    const epochs = "epochs" in spec ? spec.epochs : 0;
    return {
      kind: encoder,
      identity,
      count: 1,
      trainedImages: epochs * set.labels.length,
      maker: () => ({
        async make(_index, { from, signal, keep } = {}) {
          const { saved } = await fitEncoder(spec, set, network, randomKey(seed).fold("encoder"), {
            signal,
            ...(from && { from: progressOf(from) }),
            onPass: (now, loss) => keep?.(bodyOf(now), { epoch: now.passes, epochs, loss }),
          });
          return { notes: { ...saved.metadata, ...units }, tensors: saved.tensors };
        },
        dispose() {},
      }),
    };
  },
};

/** A fit under way as it is stored. */
const bodyOf = ({ passes, state: { params, optimizer } }: FitProgress): Body => ({
  notes: { passes: String(passes) },
  tensors: trajectoryTensors({ states: [params], beside: { optimizer } }),
});

/** The inverse of {@link bodyOf}. @throws DamagedArtefact */
function progressOf(member: Member): FitProgress {
  const { states, beside } = trajectoryOf(encoder, member, 1, "one state");
  const { passes = "" } = member.notes;
  if (!/^\d+$/.test(passes)) throw new DamagedArtefact(encoder, member.where, "does not describe a fit under way");
  return { passes: Number(passes), state: { params: states[0]!, optimizer: beside.optimizer ?? {} } };
}

/**
 * The encoder of an order out of a store.
 *
 * @throws AttarError "damaged-encoder" (exit code 1), and as fitting one does
 */
export async function openEncoder(store: ArtefactStore, source: EncoderSource, order: EncoderOrder): Promise<Encoder> {
  const members = await store.open(encoder.spec(source, order));
  const { notes, tensors, where } = await members.at(0);
  return orDamaged(encoder, where, () => encoderFrom({ tensors, metadata: notes }, where));
}

/** SHA-256 of a set's images and labels. */
export async function setChecksum({ images, labels }: Pick<FittingSet, "images" | "labels">): Promise<string> {
  const [pixels, classes] = [images.data, labels].map((a) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength));
  const shape = new TextEncoder().encode(JSON.stringify(images.shape));
  return sha256(new TextEncoder().encode(`${await sha256(pixels!)} ${await sha256(classes!)} ${await sha256(shape)}`));
}
