import { badData } from "./badData.ts";
import { convertFolder } from "./convertAdvice.ts";
import type { Split } from "./dataset.ts";
import type { DecodedImage } from "./formats/png.ts";

/** A decoded image with its class index and what to call it in an error. */
export interface LabelledImage {
  readonly image: DecodedImage;
  readonly label: number;
  readonly where: string;
}

/**
 * The size that all images have, in colour if any image has colours.
 *
 * @param folder that holds them, for advice that gives them one size; without it the advice is to do so
 * @throws AttarError "bad-data" naming the sizes and how many images have each
 */
export function commonShape(
  images: readonly LabelledImage[],
  where: string,
  folder?: string,
): [number, number, number] {
  const first = images[0];
  if (!first) throw badData(where, "no image was found", "Check that the folder or file is the right one.");
  const sizes = new Map<string, LabelledImage[]>();
  for (const one of images) {
    const size = `${one.image.width} x ${one.image.height}`;
    const alike = sizes.get(size);
    if (alike) alike.push(one);
    else sizes.set(size, [one]);
  }
  const { height, width } = first.image;
  if (sizes.size === 1) return [images.some(({ image }) => image.channels === 3) ? 3 : 1, height, width];
  const byCount = [...sizes].sort((a, b) => b[1].length - a[1].length);
  const shown = byCount.slice(0, 4).map(([size, alike]) => `${alike.length} of ${size}`);
  const more = byCount.length > 4 ? ` and ${byCount.length - 4} more sizes` : "";
  const [common, odd] = [byCount[0]![1][0]!, byCount.at(-1)![1][0]!];
  throw badData(
    odd.where,
    `is ${byCount.at(-1)![0]} pixels, and all images must have one size; there are ${shown.join(", ")}${more}`,
    folder === undefined
      ? "Give all images one size first."
      : convertFolder(folder, [common.image.width, common.image.height]),
  );
}

/** The stored value that stands for 1 in a dataset of these images: 255, or 65535 where any has 16 bits. */
export function commonScale(images: readonly LabelledImage[]): 255 | 65535 {
  return images.some(({ image }) => image.data instanceof Uint16Array) ? 65535 : 255;
}

/**
 * Packs decoded images into one array: bytes for a scale of 255, float32 of 0 to 65535 for 65535, in which images of 8 bits
 * are stretched. Grey ones are repeated over the channels of a colour dataset.
 */
export function packImages(
  images: readonly LabelledImage[],
  [channels, height, width]: readonly [number, number, number],
  scale: 255 | 65535,
): Split {
  const plane = height * width;
  const row = channels * plane;
  const out = scale === 255 ? new Uint8Array(images.length * row) : new Float32Array(images.length * row);
  for (const [i, { image }] of images.entries())
    for (let c = 0; c < channels; c++) {
      const from = Math.min(c, image.channels - 1) * plane;
      const to = i * row + c * plane;
      out.set(image.data.subarray(from, from + plane), to);
      if (scale === 65535 && image.data instanceof Uint8Array) for (let p = to; p < to + plane; p++) out[p]! *= 257;
    }
  return { images: out, labels: Int32Array.from(images, ({ label }) => label) };
}
