import type { ClassChoice, RealReader } from "../data/reader.ts";
import { Pace, type RandomKey, size } from "../engine/index.ts";
import { centresOf } from "./clusterCentres.ts";
import { withGiven } from "./givenImages.ts";
import { initialisationNamed, optionsOf } from "./initialisations.ts";
import { cycled, repeatedDraw } from "./repeatedDraw.ts";
import { type ChosenRule, chooseByClass, fittedFor } from "./select.ts";

/**
 * The synthetic images before the first step, class by class, by a declared initialisation: real images that a coreset rule
 * chooses, standard normal noise (in the training normalisation), or the centres of a k-means clustering of at most 1,000
 * images of the class, by their pixels or their codes. A class with fewer images than are wanted starts from some of them more than once.
 * Images that are given take the place of the first ones of their class.
 *
 * @returns [classes · ipc, C, H, W], class-major. Rejects where the signal is aborted.
 * @throws AttarError as fitting an encoder does.
 */
export async function initialiseImages(
  reader: RealReader,
  ipc: number,
  how: ChosenRule,
  key: RandomKey,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { select, blind } = initialisationNamed(how.name);
  const { facts, sizes } = reader;
  const d = size(facts.shape);
  if (how.name === "noise") return key.normal(sizes.length * ipc * d);
  const pixels = async (choice: ClassChoice) =>
    (await reader.batch("the initial images", choice)).images.data as Float32Array;
  if (select && !blind) {
    const chosen = await chooseByClass(reader, how, ipc, key, signal);
    const all = await pixels({ classes: [...chosen.keys()], positions: chosen.map((own) => cycled(own, ipc)) });
    return withGiven(all, ipc, d, how.given);
  }
  const options = optionsOf(how.name, how.options);
  const encoder = await fittedFor(how, options);
  const pace = new Pace(signal);
  const out = new Float32Array(sizes.length * ipc * d);
  for (const [c, count] of sizes.entries()) {
    const branch = key.fold(c);
    const clustered = how.name === "kmeans-centres" && count >= ipc;
    const want = clustered ? Math.min(1000, count) : ipc;
    const images = await pixels({ classes: [c], positions: [repeatedDraw(branch, count, Math.max(ipc, want))] });
    const centres = { count: ipc, shape: facts.shape, encoder, decoded: options.decoded === true };
    out.set(clustered ? await centresOf(images, centres, branch.fold("kmeans"), pace) : images, c * ipc * d);
  }
  return withGiven(out, ipc, d, how.given);
}
