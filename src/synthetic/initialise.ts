import { byClass } from "../data/byClass.ts";
import type { Dataset } from "../data/dataset.ts";
import { normalise } from "../data/normalise.ts";
import { Pace, type RandomKey, size } from "../engine/index.ts";
import { initialisationNamed } from "./initialisations.ts";
import { kmeansCentres } from "./kmeans.ts";
import { cycled, repeatedDraw } from "./repeatedDraw.ts";
import { selectAtMost } from "./select.ts";

/**
 * The synthetic images before the first step, class by class, by a declared initialisation: real images that a coreset rule
 * chooses, standard normal noise (in the training normalisation), or the centres of a k-means clustering of at most 1,000
 * images of the class. A class with fewer images than are wanted starts from some of them more than once.
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
  const { select, blind } = initialisationNamed(how);
  const d = size(dataset.shape);
  const classes = dataset.classes.length;
  if (how === "noise") return key.normal(classes * ipc * d);
  if (select && !blind) {
    const chosen = await selectAtMost(dataset, how, ipc, key, signal);
    const rows = chosen.flatMap((own) => cycled(own, ipc));
    return normalise(dataset, "train", rows).data as Float32Array;
  }
  const pace = new Pace(signal);
  const out = new Float32Array(classes * ipc * d);
  for (const [c, members] of byClass(dataset.train.labels, classes).entries()) {
    const branch = key.fold(c);
    const clustered = how === "kmeans-centres" && members.length >= ipc;
    const want = clustered ? Math.min(1000, members.length) : ipc;
    const ids = Array.from(repeatedDraw(branch, members.length, Math.max(ipc, want)), (i) => members[i]!);
    const images = normalise(dataset, "train", ids).data as Float32Array;
    const own = clustered ? await kmeansCentres(images, d, ipc, branch.fold("kmeans"), { pace }) : images;
    out.set(own, c * ipc * d);
  }
  return out;
}
