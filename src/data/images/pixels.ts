/** The pixels of a decoded image: whole numbers of 0 to 255, or of 0 to 65535 in 16 bits. */
export interface Pixels {
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array | Uint16Array;
  /** True where the colours of a pixel stand side by side: [height, width, channels] in place of [channels, height, width]. */
  readonly interleaved?: boolean;
  /** The size in the file, where the image was scaled while it was decoded. */
  readonly stored?: { readonly height: number; readonly width: number };
  /** True where the file has transparency, which is dropped. */
  readonly alpha?: boolean;
  /** True where the file holds several images, of which this is the first. */
  readonly several?: boolean;
}

/** The largest image that is read, in pixels. */
export const maxPixels = 100_000_000;

/** The red, green and blue parts of grey, in 65536ths: those of ITU-R 601-2, as Pillow has them. */
const [red, green, blue] = [19595, 38470, 7471];

/** An image as grey. */
export function grey(image: Pixels): Pixels {
  const { channels, height, width, data, interleaved } = image;
  if (channels === 1) return image;
  const plane = height * width;
  const [pixel, colour] = interleaved ? [3, 1] : [1, plane];
  const out = data instanceof Uint16Array ? new Uint16Array(plane) : new Uint8Array(plane);
  for (let i = 0, at = 0; i < plane; i++, at += pixel)
    out[i] = Math.floor((data[at]! * red + data[at + colour]! * green + data[at + 2 * colour]! * blue + 32768) / 65536);
  return { ...image, channels: 1, data: out, interleaved: false };
}
