import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normalise } from "../data/normalise.ts";
import { type Citation, Pace, type RandomKey, size, unknownName, work } from "../engine/index.ts";
import { kmeansCentres } from "./kmeans.ts";
import { cycled, repeatedDraw } from "./repeatedDraw.ts";
import { selectAtMost } from "./select.ts";

export const initialisations = ["real", "noise", "kmeans", "representative"] as const;
export type Initialisation = (typeof initialisations)[number];

const clustering = work(
  "S. Lloyd",
  1982,
  "Least squares quantization in PCM",
  "IEEE Transactions on Information Theory 28(2):129–137",
);

/** The works that initialisations come from. */
export const initialisationCitations: Readonly<Partial<Record<Initialisation, Citation>>> = {
  kmeans: clustering,
  representative: clustering,
};

/** @throws AttarError for an unknown name. */
export function checkInitialisation(how: string): Initialisation {
  if ((initialisations as readonly string[]).includes(how)) return how as Initialisation;
  throw unknownName("initialisation", how, initialisations, { sentence: (name) => `unknown initialisation "${name}"` });
}

/**
 * The synthetic images before the first step, class by class: random real images, standard normal noise (in the training
 * normalisation), the centres of a k-means clustering of at most 1,000 images of the class, or the real images nearest to
 * such centres (`representative`). A class with fewer images than are wanted starts from some of them more than once.
 *
 * @returns [classes · ipc, C, H, W], class-major. Rejects where the signal is aborted.
 */
export async function initialiseImages(
  dataset: Dataset,
  ipc: number,
  how: string,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const kind = checkInitialisation(how);
  const d = size(dataset.shape);
  const classes = dataset.classes.length;
  if (kind === "noise") return key.normal(classes * ipc * d);
  if (kind === "representative") {
    const chosen = await selectAtMost(dataset, "kmeans", ipc, key, signal);
    const rows = chosen.flatMap((own) => cycled(own, ipc));
    return normalise(dataset, "train", rows).data as Float32Array;
  }
  const pace = new Pace(signal);
  const out = new Float32Array(classes * ipc * d);
  for (const [c, members] of byClass(dataset.train.labels, classes).entries()) {
    const branch = key.fold(c);
    const clustered = kind === "kmeans" && members.length >= ipc;
    const want = clustered ? Math.min(1000, members.length) : ipc;
    const ids = Array.from(repeatedDraw(branch, members.length, Math.max(ipc, want)), (i) => members[i]!);
    const images = normalise(dataset, "train", ids).data as Float32Array;
    const own = clustered ? await kmeansCentres(images, d, ipc, branch.fold("kmeans"), { pace }) : images;
    out.set(own, c * ipc * d);
  }
  return out;
}
