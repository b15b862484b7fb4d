import type { Pixels } from "./pixels.ts";

/** Linear sRGB of XYZ under D50, the white of profiles: the inverse of sRGB's primaries, adapted by Bradford's method. */
const srgbOfXyz = [
  [3.1341359, -1.6173863, -0.4906619],
  [-0.978796, 1.9162546, 0.0334427],
  [0.0719554, -0.2289769, 1.4053863],
] as const;

/** A colour profile made of a curve for each colour and a matrix, as those of cameras and screens are (Display P3, Adobe RGB). */
export interface MatrixProfile {
  /** Light of each stored byte, 0 to 1, for red, green and blue. */
  readonly curves: readonly [Float64Array, Float64Array, Float64Array];
  /** Linear sRGB of linear red, green and blue, row by row. */
  readonly matrix: readonly (readonly [number, number, number])[];
}

const letters = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/**
 * Reads an ICC profile (ICC.1:2010) of red, green and blue that is a matrix and three curves.
 *
 * @returns undefined for profiles of other kinds (tables, grey, inks) and damaged ones
 */
export function matrixProfile(icc: Uint8Array): MatrixProfile | undefined {
  if (icc.length < 132 || letters(icc, 16) !== "RGB " || letters(icc, 20) !== "XYZ ") return undefined;
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  const tags = new Map<string, Uint8Array>();
  const count = view.getUint32(128);
  for (let i = 0, at = 132; i < count && at + 12 <= icc.length && i < 100; i++, at += 12) {
    const [start, length] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (start + length <= icc.length) tags.set(letters(icc, at), icc.subarray(start, start + length));
  }
  if (tags.has("A2B0")) return undefined;
  const columns = ["rXYZ", "gXYZ", "bXYZ"].map((name) => xyzOf(tags.get(name)));
  const [red, green, blue] = ["rTRC", "gTRC", "bTRC"].map((name) => curveOf(tags.get(name)));
  if (columns.some((column) => !column) || !red || !green || !blue) return undefined;
  const matrix = srgbOfXyz.map((row) => {
    const [r = 0, g = 0, b = 0] = columns.map((xyz) => row.reduce((sum, weight, i) => sum + weight * xyz![i]!, 0));
    return [r, g, b] as const;
  });
  return { curves: [red, green, blue], matrix };
}

/** Numbers of 16 bits before the point and 16 behind it. */
const fixed = (bytes: Uint8Array, at: number) =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getInt32(at) / 65536;

const xyzOf = (tag: Uint8Array | undefined) =>
  tag && tag.length >= 20 && letters(tag, 0) === "XYZ " ? [fixed(tag, 8), fixed(tag, 12), fixed(tag, 16)] : undefined;

/** The light of each byte: of a gamma, a table ("curv"), or a formula ("para"). */
function curveOf(tag: Uint8Array | undefined): Float64Array | undefined {
  if (!tag || tag.length < 12) return undefined;
  const view = new DataView(tag.buffer, tag.byteOffset, tag.byteLength);
  const light = (f: (x: number) => number) => Float64Array.from({ length: 256 }, (_, i) => clamp(f(i / 255)));
  if (letters(tag, 0) === "curv") {
    const n = view.getUint32(8);
    if (n === 0) return light((x) => x);
    if (12 + 2 * n > tag.length) return undefined;
    if (n === 1) return light((x) => x ** (view.getUint16(12) / 256));
    const entry = (i: number) => view.getUint16(12 + 2 * i) / 65535;
    return light((x) => {
      const at = Math.min(Math.floor(x * (n - 1)), n - 2);
      return entry(at) + (entry(at + 1) - entry(at)) * (x * (n - 1) - at);
    });
  }
  if (letters(tag, 0) !== "para") return undefined;
  const kind = view.getUint16(8);
  const most = [1, 3, 4, 5, 7][kind];
  if (most === undefined || tag.length < 12 + 4 * most) return undefined;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: most }, (_, i) =>
    fixed(tag, 12 + 4 * i),
  );
  const power = (x: number) => (a * x + b > 0 ? (a * x + b) ** g : 0);
  if (kind === 0) return light((x) => x ** g);
  if (kind === 1) return light((x) => (x >= -b / a ? power(x) : 0));
  if (kind === 2) return light((x) => (x >= -b / a ? power(x) + c : c));
  if (kind === 3) return light((x) => (x >= d ? power(x) : c * x));
  return light((x) => (x >= d ? power(x) + e : c * x + f));
}

const clamp = (x: number) => Math.min(1, Math.max(0, x));

/** Steps of light between which a byte of sRGB is looked up; black's slope of 12.92 takes 3,295 for one level. */
const steps = 16384;
let encoded: Uint8Array | undefined;

/** The bytes of sRGB of light 0 to 1, in {@link steps}. */
function encodedBytes(): Uint8Array {
  encoded ??= Uint8Array.from({ length: steps + 1 }, (_, i) => {
    const x = i / steps;
    return Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
  });
  return encoded;
}

/** The colours of an image of bytes [3, height, width] brought from a profile's to sRGB. */
export function profileToSrgb(image: Pixels, { curves, matrix }: MatrixProfile): Pixels {
  const { data } = image;
  const plane = data.length / 3;
  const out = new Uint8Array(data.length);
  const bytes = encodedBytes();
  const [red, green, blue] = curves;
  for (let i = 0; i < plane; i++) {
    const [r, g, b] = [red[data[i]!]!, green[data[plane + i]!]!, blue[data[2 * plane + i]!]!];
    for (let c = 0; c < 3; c++) {
      const row = matrix[c]!;
      out[c * plane + i] = bytes[Math.round(clamp(row[0] * r + row[1] * g + row[2] * b) * steps)]!;
    }
  }
  return { ...image, data: out };
}
