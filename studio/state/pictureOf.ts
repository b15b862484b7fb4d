import type { Images } from "../../src/studio/contract.ts";

/**
 * The picture of an image file at the size of the data's samples: the middle of it, as `--fit cover` takes it.
 *
 * @returns undefined where the browser does not read the file
 */
export async function pictureOf(
  file: Blob,
  [channels, height, width]: readonly [number, number, number],
): Promise<Images | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  const scale = Math.max(width / bitmap.width, height / bitmap.height);
  const [w, h] = [bitmap.width * scale, bitmap.height * scale];
  context.drawImage(bitmap, (width - w) / 2, (height - h) / 2, w, h);
  bitmap.close();
  const { data: pixels } = context.getImageData(0, 0, width, height);
  const plane = height * width;
  const data = new Uint8Array(channels * plane);
  const grey = [0.299, 0.587, 0.114];
  for (let p = 0; p < plane; p++)
    for (let c = 0; c < channels; c++)
      data[c * plane + p] =
        channels === 3
          ? pixels[4 * p + c]!
          : Math.round(grey.reduce((sum, weight, k) => sum + weight * pixels[4 * p + k]!, 0));
  return { count: 1, channels, height, width, data, labels: [0] };
}
