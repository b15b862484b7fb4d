/**
 * Counter-based random numbers: every draw is a pure function of a key, and a key is a path
 * (seed, purpose, step, …). Nothing is stored between draws, so the order of calls never matters
 * and a resumed run sees the numbers an uninterrupted one would have seen.
 *
 * The generator is Threefry-2x32 with 20 rounds (Salmon et al. 2011), bit-identical to JAX's.
 */

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** One Threefry-2x32-20 block: encrypts the counter (x0, x1) under the key (k0, k1). */
export function threefry2x32(k0: number, k1: number, x0: number, x1: number): [number, number] {
  const keys = [k0 | 0, k1 | 0, k0 ^ k1 ^ 0x1bd11bda];
  let a = (x0 + keys[0]!) | 0;
  let b = (x1 + keys[1]!) | 0;
  for (let group = 0; group < 5; group++) {
    for (const r of rotations[group & 1]!) {
      a = (a + b) | 0;
      b = ((b << r) | (b >>> (32 - r))) ^ a;
    }
    a = (a + keys[(group + 1) % 3]!) | 0;
    b = (b + keys[(group + 2) % 3]! + group + 1) | 0;
  }
  return [a >>> 0, b >>> 0];
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
    const out = new Uint32Array(n);
    for (let i = 0; i < n; i += 2) {
      const [a, b] = threefry2x32(this.k0, this.k1, 2, i >>> 1);
      out[i] = a;
      if (i + 1 < n) out[i + 1] = b;
    }
    return out;
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
