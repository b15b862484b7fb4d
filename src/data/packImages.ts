import { badData } from "./badData.ts";
import type { Split } from "./dataset.ts";
import type { DecodedImage } from "./formats/png.ts";

/** A decoded image with its class index and what to call it in an error. */
export interface LabelledImage {
  readonly image: DecodedImage;
  readonly label: number;
  readonly where: string;
}

/** The size all images must have: the first one's, in colour if any image has colours. */
export function commonShape(images: readonly LabelledImage[], where: string): [number, number, number] {
  const first = images[0];
  if (!first) throw badData(where, "no image was found");
  const { height, width } = first.image;
  for (const { image, where: odd } of images)
    if (image.height !== height || image.width !== width)
      throw badData(
        odd,
        `is ${image.width} x ${image.height} pixels, ${first.where} is ${width} x ${height}`,
        "All images must have one size; resize them first, for example: magick mogrify -resize 32x32! *.png",
      );
  return [images.some(({ image }) => image.channels === 3) ? 3 : 1, height, width];
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
