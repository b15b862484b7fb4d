/** Eigenvalues and orthonormal eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** [n, n]; row j is the eigenvector of `values[j]`. */
  readonly vectors: Float64Array;
}

/** Lets timers and sockets have their turn at most this many milliseconds late. */
const breathMs = 40;
/** Sweeps of rotations kept before they are applied to the vectors, and the panel's width: a panel stays in cache. */
const sweepsHeld = 64;
const panel = 64;
/** Elements below this, in a matrix whose largest is 1, are zero: squares of them would lose their digits. */
const negligible = 1e-140;

/**
 * Diagonalises a symmetric matrix in float64: Householder tridiagonalisation, implicit QL with Wilkinson shifts
 * (Golub and Van Loan, Matrix Computations, 8.3), rotations and reflections applied in cache-sized blocks.
 *
 * @param matrix [n, n], symmetric; only the upper triangle is read. It is overwritten.
 * @throws RangeError when the matrix is not n x n or holds a value that is not finite
 *
 * Cost: about 6 n³ operations, a minute or so for n = 3072 on one core, during which the event loop keeps turning.
 */
export async function symmetricEigen(matrix: Float64Array, n: number): Promise<SymmetricEigen> {
  if (matrix.length !== n * n)
    throw new RangeError(`a matrix of side ${n} has ${n * n} elements, got ${matrix.length}`);
  let scale = 0;
  for (let i = 0; i < matrix.length; i++) {
    if (!Number.isFinite(matrix[i]!)) throw new RangeError("the matrix holds a value that is not finite");
    scale = Math.max(scale, Math.abs(matrix[i]!));
  }
  for (let i = 0; scale > 0 && i < matrix.length; i++) matrix[i] = matrix[i]! / scale;
  const breathe = breather();
  const { diagonal, off, beta } = await tridiagonalise(matrix, n, breathe);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  await diagonalise(diagonal, off, vectors, n, breathe);
  await reflect(vectors, matrix, beta, n, breathe);
  return { values: diagonal.map((value) => value * scale), vectors };
}

type Breathe = () => Promise<void> | undefined;

function breather(): Breathe {
  let last = performance.now();
  return () => {
    if (performance.now() - last < breathMs) return undefined;
    return new Promise((resolve) =>
      setTimeout(() => {
        last = performance.now();
        resolve();
      }, 0),
    );
  };
}

/**
 * A ← Hᵀ A H, tridiagonal. Row k of A keeps reflector k's vector v (elements k+1…), H = I − β v vᵀ. One sweep over the
 * trailing upper triangle applies the rank-2 update of reflector k−1 and gathers A v for reflector k.
 */
async function tridiagonalise(a: Float64Array, n: number, breathe: Breathe) {
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  const beta = new Float64Array(n);
  const p = new Float64Array(n);
  let v = new Float64Array(n);
  let w = new Float64Array(n);
  let previous = new Float64Array(n); // v and w of the reflector whose update is pending
  let previousW = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const row = k * n;
    const x = previous[k]!;
    const y = previousW[k]!;
    for (let j = k; j < n; j++) a[row + j] = a[row + j]! - x * previousW[j]! - y * previous[j]!;
    diagonal[k] = a[row + k]!;
    if (k === n - 1) break;
    beta[k] = householder(a, row, k + 1, n, off, k);
    for (let j = k + 1; j < n; j++) v[j] = a[row + j]!;
    p.fill(0);
    for (let i = k + 1; i < n; i++) p[i] = p[i]! + updateAndMultiply(a, i, n, previous, previousW, v, p);
    let dot = 0;
    for (let j = k + 1; j < n; j++) dot += p[j]! * v[j]!;
    const b = beta[k]!;
    for (let j = k + 1; j < n; j++) w[j] = b * (p[j]! - 0.5 * b * dot * v[j]!);
    [previous, v] = [v, previous];
    [previousW, w] = [w, previousW];
    await breathe();
  }
  return { diagonal, off, beta };
}

/** Row i of the upper triangle: A ← A − x wᵀ − y vᵀ, its part of A·v into p; returns row i times v. */
function updateAndMultiply(
  a: Float64Array,
  i: number,
  n: number,
  oldV: Float64Array,
  oldW: Float64Array,
  v: Float64Array,
  p: Float64Array,
): number {
  const base = i * n;
  const vi = v[i]!;
  const x = oldV[i]!;
  const y = oldW[i]!;
  const head = a[base + i]! - x * oldW[i]! - y * oldV[i]!;
  a[base + i] = head;
  let even = head * vi;
  let odd = 0;
  let j = i + 1;
  for (; j < n - 1; j += 2) {
    const left = a[base + j]! - x * oldW[j]! - y * oldV[j]!;
    const right = a[base + j + 1]! - x * oldW[j + 1]! - y * oldV[j + 1]!;
    a[base + j] = left;
    a[base + j + 1] = right;
    even += left * v[j]!;
    odd += right * v[j + 1]!;
    p[j] = p[j]! + left * vi;
    p[j + 1] = p[j + 1]! + right * vi;
  }
  if (j < n) {
    const value = a[base + j]! - x * oldW[j]! - y * oldV[j]!;
    a[base + j] = value;
    even += value * v[j]!;
    p[j] = p[j]! + value * vi;
  }
  return even + odd;
}

/** Turns a[row + from … row + n) into the reflector that maps it to off[k]·e₁; returns β. */
function householder(a: Float64Array, row: number, from: number, n: number, off: Float64Array, k: number): number {
  const head = a[row + from]!;
  let tail = 0;
  for (let j = from + 1; j < n; j++) tail = Math.max(tail, Math.abs(a[row + j]!));
  if (tail < negligible) {
    off[k] = head;
    a.fill(0, row + from, row + n);
    return 0;
  }
  const scale = Math.max(tail, Math.abs(head));
  let norm = 0;
  for (let j = from; j < n; j++) norm += (a[row + j]! / scale) ** 2;
  norm = scale * Math.sqrt(norm);
  const alpha = head > 0 ? -norm : norm;
  off[k] = alpha;
  const first = head - alpha;
  for (let j = from + 1; j < n; j++) a[row + j] = a[row + j]! / first;
  a[row + from] = 1;
  return -first / alpha;
}

/** Implicit QL on the tridiagonal (diagonal, off), both overwritten; the rotations are applied to the rows of `vectors`. */
async function diagonalise(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number, breathe: Breathe) {
  let held: { low: number; high: number; c: Float64Array; s: Float64Array }[] = [];
  const flush = async () => {
    for (let left = 0; left < n && held.length > 0; left += panel) {
      const right = Math.min(n, left + panel);
      for (const { low, high, c, s } of held) rotateRows(vectors, n, left, right, low, high, c, s);
      await breathe();
    }
    held = [];
  };
  for (let low = 0; low < n; low++) {
    for (let sweeps = 0; ; sweeps++) {
      let high = low;
      while (
        high < n - 1 &&
        Math.abs(e[high]!) > negligible + Number.EPSILON * (Math.abs(d[high]!) + Math.abs(d[high + 1]!))
      )
        high++;
      if (high === low) break;
      if (sweeps === 60) throw new RangeError("the eigenvalues do not converge");
      held.push(sweep(d, e, low, high));
      if (held.length === sweepsHeld) await flush();
    }
  }
  await flush();
}

/** One QL sweep over [low, high]; rotation i turns rows i and i+1. */
function sweep(d: Float64Array, e: Float64Array, low: number, high: number) {
  const c = new Float64Array(high - low);
  const s = new Float64Array(high - low);
  const half = (d[low + 1]! - d[low]!) / (2 * e[low]!);
  const root = Math.hypot(half, 1);
  let g = d[high]! - d[low]! + e[low]! / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let p = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i]!;
    const b = cosine * e[i]!;
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      // the matrix splits here: the rotations so far stand, the next sweep works on the parts
      d[i + 1] = d[i + 1]! - p;
      e[high] = 0;
      c.fill(1, 0, i - low + 1);
      return { low, high, c, s };
    }
    sine = f / r;
    cosine = g / r;
    const shifted = d[i + 1]! - p;
    const t = (d[i]! - shifted) * sine + 2 * cosine * b;
    p = sine * t;
    d[i + 1] = shifted + p;
    g = cosine * t - b;
    c[i - low] = cosine;
    s[i - low] = sine;
  }
  d[low] = d[low]! - p;
  e[low] = g;
  e[high] = 0;
  return { low, high, c, s };
}

/** Two rotations at a time: the row they share is loaded and stored once. */
function rotateRows(
  z: Float64Array,
  n: number,
  left: number,
  right: number,
  low: number,
  high: number,
  c: Float64Array,
  s: Float64Array,
): void {
  let i = high - 1;
  for (; i > low; i -= 2) {
    const c1 = c[i - low]!;
    const s1 = s[i - low]!;
    const c0 = c[i - 1 - low]!;
    const s0 = s[i - 1 - low]!;
    let top = (i - 1) * n + left;
    let middle = top + n;
    let bottom = middle + n;
    for (const end = top + right - left; top < end; top++, middle++, bottom++) {
      const x = z[top]!;
      const y = z[middle]!;
      const w = z[bottom]!;
      z[bottom] = s1 * y + c1 * w;
      const turned = c1 * y - s1 * w;
      z[middle] = s0 * x + c0 * turned;
      z[top] = c0 * x - s0 * turned;
    }
  }
  if (i !== low) return;
  const cosine = c[0]!;
  const sine = s[0]!;
  for (let upper = low * n + left, lower = upper + n; upper < low * n + right; upper++, lower++) {
    const x = z[upper]!;
    const y = z[lower]!;
    z[lower] = sine * x + cosine * y;
    z[upper] = cosine * x - sine * y;
  }
}

/** Brings eigenvectors (rows) from the tridiagonal basis to the original one, a few rows at a time. */
async function reflect(
  vectors: Float64Array,
  reflectors: Float64Array,
  beta: Float64Array,
  n: number,
  breathe: Breathe,
) {
  const rows = 16;
  const scratch = new Float64Array(4 * n); // stands in for the rows beyond the last in a block of four
  for (let top = 0; top < n; top += rows) {
    for (let k = n - 2; k >= 0; k--) {
      if (beta[k] === 0) continue;
      for (let row = top; row < Math.min(n, top + rows); row += 4) {
        const block = (i: number) => (row + i < n ? vectors.subarray((row + i) * n, (row + i + 1) * n) : scratch);
        reflectFour(block(0), block(1), block(2), block(3), reflectors, k * n, beta[k]!, k + 1, n);
      }
    }
    await breathe();
  }
  return vectors;
}

/** u ← u − β v (v·u) on [from, n) of four rows, v at reflectors[base…]. */
function reflectFour(
  u0: Float64Array,
  u1: Float64Array,
  u2: Float64Array,
  u3: Float64Array,
  reflectors: Float64Array,
  base: number,
  b: number,
  from: number,
  n: number,
): void {
  let d0 = 0;
  let d1 = 0;
  let d2 = 0;
  let d3 = 0;
  for (let j = from; j < n; j++) {
    const v = reflectors[base + j]!;
    d0 += v * u0[j]!;
    d1 += v * u1[j]!;
    d2 += v * u2[j]!;
    d3 += v * u3[j]!;
  }
  d0 *= b;
  d1 *= b;
  d2 *= b;
  d3 *= b;
  for (let j = from; j < n; j++) {
    const v = reflectors[base + j]!;
    u0[j] = u0[j]! - d0 * v;
    u1[j] = u1[j]! - d1 * v;
    u2[j] = u2[j]! - d2 * v;
    u3[j] = u3[j]! - d3 * v;
  }
}
