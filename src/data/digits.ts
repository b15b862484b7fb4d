import { inflateSync } from "fflate";
import type { Dataset, Split } from "./dataset.ts";
import { digitsData } from "./digitsData.ts";
import { knownDataset } from "./knownDatasets.ts";
import { makeDataset, type NormalisationKind } from "./makeDataset.ts";

const count = 1797;
const pixels = 64;

/**
 * The UCI digits, embedded: 1797 images of 8x8 in 16 grey levels, ten classes. Of each class every fifth image is in the
 * test split (359), the others in the training split (1438).
 */
export async function loadDigits(options: { normalisation?: NormalisationKind } = {}): Promise<Dataset> {
  const packed = Uint8Array.from(atob(digitsData), (c) => c.charCodeAt(0));
  const bytes = inflateSync(packed, { out: new Uint8Array(count * (pixels + 1)) });
  const labels = bytes.subarray(count * pixels);
  const seen = new Uint32Array(10);
  const train: number[] = [];
  const test: number[] = [];
  for (let i = 0; i < count; i++) (seen[labels[i]!]!++ % 5 === 2 ? test : train).push(i);
  const take = (rows: number[]): Split => {
    const images = new Uint8Array(rows.length * pixels);
    for (const [to, from] of rows.entries())
      images.set(bytes.subarray(from * pixels, (from + 1) * pixels), to * pixels);
    return { images, labels: Int32Array.from(rows, (i) => labels[i]!) };
  };
  const { name, shape, domain, classes } = knownDataset("digits")!;
  return makeDataset(
    {
      name,
      known: name,
      shape,
      domain,
      classes,
      train: take(train),
      test: take(test),
      scale: 16,
      source: "embedded",
      reading: {
        format: "embedded",
        labels: "stored with the images",
        testSplit: "every fifth image of a class",
        notes: [],
      },
    },
    options.normalisation,
  );
}
