import type { Fit } from "./imageOptions.ts";
import type { Pixels } from "./pixels.ts";
import { resample } from "./resample.ts";

/**
 * An image brought to a size. `cover` equals Pillow's `ImageOps.fit`, `contain` its `ImageOps.pad` on black, `stretch` its
 * `resize`, each with `BILINEAR`, as {@link resample} does.
 *
 * @returns [channels, height, width]
 */
export function fitImage(image: Pixels, [height, width]: readonly [number, number], fit: Fit): Pixels {
  if (image.height === height && image.width === width) return planar(image);
  if (fit === "stretch") return resample(image, height, width);
  return fit === "cover" ? covered(image, height, width) : contained(image, height, width);
}

function covered(image: Pixels, height: number, width: number): Pixels {
  const [has, wants] = [image.width / image.height, width / height];
  const across = has >= wants && has !== wants ? wants * image.height : image.width;
  const down = has < wants ? image.width / wants : image.height;
  const [left, top] = [(image.width - across) * 0.5, (image.height - down) * 0.5];
  return resample(image, height, width, { left, top, right: left + across, bottom: top + down });
}

function contained(image: Pixels, height: number, width: number): Pixels {
  const [has, wants] = [image.width / image.height, width / height];
  const inside = {
    height: has > wants ? atLeastOne((image.height / image.width) * width) : height,
    width: has < wants ? atLeastOne((image.width / image.height) * height) : width,
  };
  const same = image.height === inside.height && image.width === inside.width;
  const small = same ? planar(image) : resample(image, inside.height, inside.width);
  if (inside.height === height && inside.width === width) return small;
  const [top, left] = [halfEven((height - inside.height) * 0.5), halfEven((width - inside.width) * 0.5)];
  const plane = height * width;
  const { channels, data } = small;
  const out = data instanceof Uint16Array ? new Uint16Array(channels * plane) : new Uint8Array(channels * plane);
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < inside.height; y++) {
      const from = (c * inside.height + y) * inside.width;
      out.set(data.subarray(from, from + inside.width), c * plane + (top + y) * width + left);
    }
  return { ...small, height, width, data: out };
}

/** The nearest whole number, of two the even one, as Python rounds. */
function halfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const atLeastOne = (value: number) => Math.max(1, halfEven(value));

/** The image as [channels, height, width]. */
export function planar(image: Pixels): Pixels {
  const { channels, height, width, data, interleaved } = image;
  if (!interleaved || channels === 1) return { ...image, interleaved: false };
  const plane = height * width;
  const out = data instanceof Uint16Array ? new Uint16Array(3 * plane) : new Uint8Array(3 * plane);
  for (let i = 0, at = 0; i < plane; i++, at += 3) {
    out[i] = data[at]!;
    out[plane + i] = data[at + 1]!;
    out[2 * plane + i] = data[at + 2]!;
  }
  return { ...image, data: out, interleaved: false };
}
