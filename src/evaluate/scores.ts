import { sha256 } from "../data/checksum.ts";
import type { CodedForm, CondensedSet, Normalisation } from "../data/dataset.ts";
import type { TensorData } from "../engine/index.ts";

/** The result of one trained network. */
export interface Score {
  /** Values that were read on the test split, by name: "accuracy", "worst-class", "worst-class.class-3" and so on. */
  readonly values: Readonly<Record<string, number>>;
  /** Seconds its training and scoring took. */
  readonly seconds: number;
}

/** A store of the scores of trained networks, so that an interrupted evaluation does not train them again. */
export interface ScoreStore {
  get(key: string): Score | undefined;
  set(key: string, score: Score): Promise<void>;
}

/** A name of what was trained: equal for equal content. Everything that a trained network depends on belongs in it. */
export const scoreKey = (content: object): Promise<string> => sha256(new TextEncoder().encode(JSON.stringify(content)));

/** SHA-256 of a set's images and labels, and the normalisation that test images get. */
export async function setDigest(
  { images, labels, softLabels, values }: CondensedSet,
  normalisation: Normalisation,
): Promise<string> {
  return (await Promise.all([images, values ?? softLabels ?? labels].map(digest)))
    .concat(await normalisationKey(normalisation))
    .join(" ");
}

/** SHA-256 of a set as codes with what decodes them. */
export const formDigest = ({ space, options, variables }: CodedForm): Promise<string> =>
  Promise.all(Object.entries(variables).map(async ([name, { data }]) => [name, await digest(data as TensorData)])).then(
    (own) => scoreKey([space, options, own]),
  );

/** A text that tells normalisations apart. */
export async function normalisationKey({ scale, mean, std, zca }: Normalisation): Promise<string> {
  return JSON.stringify([scale, mean, std, zca && (await digest(zca.whiten)), zca && (await digest(zca.mean))]);
}

/** SHA-256 of the bytes of an array. */
export const digest = ({ buffer, byteOffset, byteLength }: TensorData): Promise<string> =>
  sha256(new Uint8Array(buffer, byteOffset, byteLength));
