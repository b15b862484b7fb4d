import { badData } from "./badData.ts";
import type { Split } from "./dataset.ts";
import type { PlanarImage } from "./formats/png.ts";

/** A decoded image with its class index and what to call it in an error. */
export interface LabelledImage {
  readonly image: PlanarImage;
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

/** Packs decoded images into one array; grey ones are repeated over the channels of a colour dataset. */
export function packImages(images: readonly LabelledImage[], [channels, height, width]: readonly number[]): Split {
  const plane = height! * width!;
  const row = channels! * plane;
  const out = new Uint8Array(images.length * row);
  for (const [i, { image }] of images.entries())
    for (let c = 0; c < channels!; c++) {
      const from = Math.min(c, image.channels - 1) * plane;
      out.set(image.data.subarray(from, from + plane), i * row + c * plane);
    }
  return { images: out, labels: Int32Array.from(images, ({ label }) => label) };
}
