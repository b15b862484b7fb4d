/** An image with black at 0 and white at 1, channel by channel. */
export interface Picture {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** [channels, height, width]. */
  readonly pixels: Float64Array;
}

/** Random numbers of one image; each call draws new ones. */
export interface Draws {
  /** Numbers in [0, 1). */
  uniform(count: number): Float64Array;
  /** Standard normal numbers. */
  normal(count: number): Float64Array;
}

/** A way in which images are spoiled. */
export interface Corruption {
  readonly name: string;
  /** One line, with the formula. */
  readonly title: string;
  /** The strengths of severities 1 to 5, of grey images and of those in colour. */
  readonly grey: readonly number[];
  readonly colour: readonly number[];
  /** True where the strength is in pixels of 28 a side (grey) or 32 (colour): it grows with the image. */
  readonly inPixels?: boolean;
  /** The spoiled image, not yet cut to 0..1. */
  apply(picture: Picture, strength: number, draws: Draws): Float64Array;
}

/** The spoiled pixels of an image, cut to 0..1. @param severity 1 to 5 */
export function corrupted(corruption: Corruption, picture: Picture, severity: number, draws: Draws): Float64Array {
  const grey = picture.channels === 1;
  const strength = (grey ? corruption.grey : corruption.colour)[severity - 1]!;
  const unit = corruption.inPixels ? Math.min(picture.height, picture.width) / (grey ? 28 : 32) : 1;
  return corruption.apply(picture, strength * unit, draws).map((v) => Math.min(1, Math.max(0, v)));
}
