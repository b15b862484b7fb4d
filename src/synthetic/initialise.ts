import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normalise } from "../data/normalise.ts";
import { AttarError, nearest, Pace, type RandomKey, size } from "../engine/index.ts";
import { kmeansCentres } from "./kmeans.ts";
import { selectCoreset } from "./select.ts";

export const initialisations = ["real", "noise", "kmeans", "representative"] as const;
export type Initialisation = (typeof initialisations)[number];

/** @throws AttarError for an unknown name. */
export function checkInitialisation(how: string): Initialisation {
  if ((initialisations as readonly string[]).includes(how)) return how as Initialisation;
  const guess = nearest(how, initialisations);
  throw new AttarError(
    "unknown-initialisation",
    `unknown initialisation "${how}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${initialisations.join(", ")}`,
  );
}

/**
 * The synthetic images before the first step, class by class: random real images, standard normal noise (in the training
 * normalisation), the centres of a k-means clustering of at most 1,000 images of the class, or the real images nearest to
 * such centres (`representative`).
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
  if (kind === "representative")
    return normalise(dataset, "train", await selectCoreset(dataset, "kmeans", ipc, key, signal)).data as Float32Array;
  const pace = new Pace(signal);
  const out = new Float32Array(classes * ipc * d);
  for (const [c, members] of byClass(dataset.train.labels, classes).entries()) {
    const branch = key.fold(c);
    const want = kind === "real" ? ipc : Math.max(ipc, Math.min(1000, members.length));
    const ids = Array.from(branch.permutation(members.length, want), (i) => members[i]!);
    const images = normalise(dataset, "train", ids).data as Float32Array;
    const own = kind === "real" ? images : await kmeansCentres(images, d, ipc, branch.fold("kmeans"), { pace });
    out.set(own, c * ipc * d);
  }
  return out;
}
