/** A complex array by its parts. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** Roots of unity exp(−2πik/n) for k below n/2, of the latest length. */
let roots: { readonly n: number; readonly cos: Float64Array; readonly sin: Float64Array } | undefined;

function rootsOf(n: number) {
  if (roots?.n !== n) {
    const [cos, sin] = [new Float64Array(n / 2), new Float64Array(n / 2)];
    for (let k = 0; k < n / 2; k++) {
      cos[k] = Math.cos((2 * Math.PI * k) / n);
      sin[k] = -Math.sin((2 * Math.PI * k) / n);
    }
    roots = { n, cos, sin };
  }
  return roots;
}

/**
 * The discrete Fourier transform of n real numbers, n a power of two: the first n/2 + 1 of its entries, as the others mirror
 * them. Pairs of neighbours make a complex array of half the length, whose transform is taken apart.
 */
export function spectrumOf(values: Float64Array): Complex {
  const half = values.length / 2;
  const re = Float64Array.from({ length: half }, (_, i) => values[2 * i]!);
  const im = Float64Array.from({ length: half }, (_, i) => values[2 * i + 1]!);
  transform({ re, im });
  const out = { re: new Float64Array(half + 1), im: new Float64Array(half + 1) };
  const { cos, sin } = rootsOf(2 * half);
  for (let k = 0; k <= half; k++) {
    const [a, b] = [k % half, (half - k) % half];
    const even = { re: (re[a]! + re[b]!) / 2, im: (im[a]! - im[b]!) / 2 };
    const odd = { re: (im[a]! + im[b]!) / 2, im: (re[b]! - re[a]!) / 2 };
    const [c, s] = k < half ? [cos[k]!, sin[k]!] : [-1, 0];
    out.re[k] = even.re + c * odd.re - s * odd.im;
    out.im[k] = even.im + c * odd.im + s * odd.re;
  }
  return out;
}

/** The real numbers that have a spectrum: the inverse of {@link spectrumOf}. */
export function valuesOfSpectrum({ re, im }: Complex): Float64Array {
  const half = re.length - 1;
  // Conjugated, so that the forward transform inverts.
  const z = { re: new Float64Array(half), im: new Float64Array(half) };
  const { cos, sin } = rootsOf(2 * half);
  for (let k = 0; k < half; k++) {
    const b = half - k;
    const even = { re: (re[k]! + re[b]!) / 2, im: (im[k]! - im[b]!) / 2 };
    const twisted = { re: (re[k]! - re[b]!) / 2, im: (im[k]! + im[b]!) / 2 };
    const [c, s] = [cos[k]!, -sin[k]!];
    const odd = { re: c * twisted.re - s * twisted.im, im: c * twisted.im + s * twisted.re };
    z.re[k] = even.re - odd.im;
    z.im[k] = -(even.im + odd.re);
  }
  transform(z);
  const values = new Float64Array(2 * half);
  for (let i = 0; i < half; i++) {
    values[2 * i] = z.re[i]! / half;
    values[2 * i + 1] = -z.im[i]! / half;
  }
  return values;
}

/** The transform of a complex array whose length is a power of two, in its place (Cooley and Tukey). */
function transform({ re, im }: Complex): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j |= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
  // Those of twice the length, every other one.
  const { cos, sin } = rootsOf(2 * n);
  for (let size = 2; size <= n; size *= 2) {
    const [half, stride] = [size / 2, (2 * n) / size];
    for (let start = 0; start < n; start += size)
      for (let k = 0; k < half; k++) {
        const [a, b] = [start + k, start + k + half];
        const [c, s] = [cos[k * stride]!, sin[k * stride]!];
        const x = c * re[b]! - s * im[b]!;
        const y = c * im[b]! + s * re[b]!;
        re[b] = re[a]! - x;
        im[b] = im[a]! - y;
        re[a] = re[a]! + x;
        im[a] = im[a]! + y;
      }
  }
}
