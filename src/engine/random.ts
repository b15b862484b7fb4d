/**
 * Counter-based random numbers: every draw is a pure function of a key, and a key is a path
 * (seed, purpose, step, …). Nothing is stored between draws, so the order of calls never matters
 * and a resumed run sees the numbers an uninterrupted one would have seen.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon et al. 2011), bit-identical to JAX's.
 */

/** One Threefry-2x32-20 block: encrypts the counter (x0, x1) under the key (k0, k1). */
export function threefry2x32(k0: number, k1: number, x0: number, x1: number): [number, number] {
  const block = new Uint32Array(2);
  encrypt(k0, k1, x0, x1, block, 0);
  return [block[0]!, block[1]!];
}

/** {@link threefry2x32} into two words of `out`, without allocating: networks draw hundreds of thousands of numbers. */
function encrypt(k0: number, k1: number, x0: number, x1: number, out: Uint32Array, at: number): void {
  const k2 = k0 ^ k1 ^ 0x1bd11bda;
  let a = (x0 + k0) | 0;
  let b = (x1 + k1) | 0;
  for (let group = 1; group <= 5; group++) {
    const odd = group & 1;
    a = (a + b) | 0;
    b = (odd ? (b << 13) | (b >>> 19) : (b << 17) | (b >>> 15)) ^ a;
    a = (a + b) | 0;
    b = (odd ? (b << 15) | (b >>> 17) : (b << 29) | (b >>> 3)) ^ a;
    a = (a + b) | 0;
    b = (odd ? (b << 26) | (b >>> 6) : (b << 16) | (b >>> 16)) ^ a;
    a = (a + b) | 0;
    b = (odd ? (b << 6) | (b >>> 26) : (b << 24) | (b >>> 8)) ^ a;
    const phase = group % 3;
    a = (a + (phase === 0 ? k0 : phase === 1 ? k1 : k2)) | 0;
    b = (b + (phase === 0 ? k1 : phase === 1 ? k2 : k0) + group) | 0;
  }
  out[at] = a;
  out[at + 1] = b;
}

/** FNV-1a, to turn a purpose's name into a counter. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** A position in the tree of random streams. Immutable. */
export class RandomKey {
  constructor(
    readonly k0: number,
    readonly k1: number,
  ) {}

  /** The key of a branch: `key.fold("augment").fold(step)`. Numbers are non-negative integers below 2^32. */
  fold(branch: string | number): RandomKey {
    const [x0, x1] = typeof branch === "number" ? [0, branch >>> 0] : [1, hash(branch)];
    return new RandomKey(...threefry2x32(this.k0, this.k1, x0, x1));
  }

  /** `n` words of 32 random bits. */
  bits(n: number): Uint32Array {
    const out = new Uint32Array(n + (n & 1));
    for (let i = 0; i < n; i += 2) encrypt(this.k0, this.k1, 2, i >>> 1, out, i);
    return out.subarray(0, n);
  }

  /** `n` uniform numbers in [low, high), with 24 random bits each. */
  uniform(n: number, low = 0, high = 1): Float32Array {
    const out = new Float32Array(n);
    const bits = this.bits(n);
    for (let i = 0; i < n; i++) out[i] = low + (high - low) * ((bits[i]! >>> 8) / 16777216);
    return out;
  }

  /** One uniform number in [low, high), with 53 random bits. */
  number(low = 0, high = 1): number {
    const [a, b] = threefry2x32(this.k0, this.k1, 3, 0);
    return low + (high - low) * (((a >>> 5) * 67108864 + (b >>> 6)) / 9007199254740992);
  }

  /** `n` standard normal numbers (Box-Muller). */
  normal(n: number): Float32Array {
    const out = new Float32Array(n);
    const bits = this.bits(n + (n & 1));
    for (let i = 0; i < n; i += 2) {
      const radius = Math.sqrt(-2 * Math.log((bits[i]! + 1) / 4294967296));
      const angle = 2 * Math.PI * (bits[i + 1]! / 4294967296);
      out[i] = radius * Math.cos(angle);
      if (i + 1 < n) out[i + 1] = radius * Math.sin(angle);
    }
    return out;
  }

  /** One integer, uniform in [0, bound). */
  integer(bound: number): number {
    return Math.floor(this.number() * bound);
  }

  /** `count` different integers of [0, n) in random order (partial Fisher-Yates); all of them when `count` is left out. */
  permutation(n: number, count = n): Uint32Array {
    if (count > n) throw new RangeError(`cannot draw ${count} different integers below ${n}`);
    const bits = this.bits(2 * count);
    const moved = new Map<number, number>();
    const out = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const unit = ((bits[2 * i]! >>> 5) * 67108864 + (bits[2 * i + 1]! >>> 6)) / 9007199254740992;
      const j = i + Math.floor(unit * (n - i));
      out[i] = moved.get(j) ?? j;
      moved.set(j, moved.get(i) ?? i);
    }
    return out;
  }
}

/** The root of all streams of a run. */
export function randomKey(seed: number): RandomKey {
  return new RandomKey(Math.floor(seed / 4294967296) >>> 0, seed >>> 0);
}
