/** The purposes that a key's streams are told apart by. */
export type Purpose = "coins" | "noise" | "counts";

const numbers: Readonly<Record<Purpose, number>> = { coins: 1, noise: 2, counts: 3 };

/** Bytes that are fetched at once, at most. */
const most = 1 << 20;

/**
 * The random bytes of a private run: AES-256 in counter mode under a secret key of 32 bytes. Nobody without the key tells
 * them from coins, as nobody could who knows the seed of an ordinary generator; and each stream is a function of key, purpose
 * and release, so that a resumed run draws what it had drawn.
 */
export class NoiseKey {
  private readonly imported: Promise<CryptoKey>;

  constructor(key: Uint8Array) {
    if (key.length !== 32) throw new RangeError(`a key of noise has 32 bytes, got ${key.length}`);
    const own = Uint8Array.from(key);
    this.imported = crypto.subtle.importKey("raw", own, "AES-CTR", false, ["encrypt"]);
  }

  /** A key that nobody has had before, from the operating system. */
  static fresh(): Uint8Array {
    return crypto.getRandomValues(new Uint8Array(32));
  }

  /** The bits of a purpose in a release; the same ones whenever they are asked for. */
  bits(purpose: Purpose, release: number): RandomBits {
    return new RandomBits(async (block, blocks) => {
      const counter = new Uint8Array(16);
      const view = new DataView(counter.buffer);
      view.setUint32(0, numbers[purpose]);
      view.setUint32(4, release);
      view.setBigUint64(8, BigInt(block));
      const zeros = new Uint8Array(16 * blocks);
      const cipher = { name: "AES-CTR", counter, length: 64 };
      return new Uint8Array(await crypto.subtle.encrypt(cipher, await this.imported, zeros));
    });
  }
}

/** A stream of random bits that is read ahead: numbers are taken from it without waiting. */
export class RandomBits {
  private words = new DataView(new ArrayBuffer(0));
  private at = 0;
  private block = 0;

  /** @param blocks bytes of so many blocks of 16 from a block on */
  constructor(private readonly blocks: (from: number, count: number) => Promise<Uint8Array>) {}

  /** Reads ahead until at least so many bytes are there. @param wanted bytes that will be needed in all, as a hint */
  async ensure(bytes: number, wanted = bytes): Promise<void> {
    const left = this.words.byteLength - this.at;
    if (left >= bytes) return;
    const count = Math.ceil(Math.max(bytes, Math.min(wanted, most)) / 16);
    const next = await this.blocks(this.block, count);
    this.block += count;
    const joined = new Uint8Array(left + next.length);
    joined.set(new Uint8Array(this.words.buffer, this.words.byteOffset + this.at, left));
    joined.set(next, left);
    this.words = new DataView(joined.buffer);
    this.at = 0;
  }

  /** The bytes that are there. */
  get left(): number {
    return this.words.byteLength - this.at;
  }

  /** 32 bits. @throws RangeError where they were not read ahead */
  word(): number {
    const word = this.words.getUint32(this.at, true);
    this.at += 4;
    return word;
  }

  /** A whole number below 2^53. */
  whole(): number {
    const low = this.word();
    return (this.word() >>> 11) * 4294967296 + low;
  }
}
