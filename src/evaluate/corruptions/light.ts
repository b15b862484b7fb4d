import type { Corruption, Picture } from "./corruption.ts";

export const contrast: Corruption = {
  name: "contrast",
  title: "(x − m) c + m, m the mean of each channel",
  grey: [0.4, 0.3, 0.2, 0.1, 0.05],
  colour: [0.75, 0.5, 0.4, 0.3, 0.15],
  apply({ channels, pixels }, c) {
    const plane = pixels.length / channels;
    const means = Array.from(
      { length: channels },
      (_, k) => pixels.subarray(k * plane, (k + 1) * plane).reduce((a, b) => a + b, 0) / plane,
    );
    return pixels.map((v, i) => {
      const mean = means[Math.floor(i / plane)]!;
      return (v - mean) * c + mean;
    });
  },
};

export const brightness: Corruption = {
  name: "brightness",
  title: "x + c",
  grey: [0.1, 0.2, 0.3, 0.4, 0.5],
  colour: [0.05, 0.1, 0.15, 0.2, 0.3],
  apply: ({ pixels }, c) => pixels.map((v) => v + c),
};

/** Octaves of the cloud, and how much fainter each finer one is. */
const octaves = 4;
const fainter = 2;

/** A cloud of values from 0 to 1: grids of random numbers, each twice as fine and fainter, with lines between them. */
function cloud({ height, width }: Picture, uniform: (count: number) => Float64Array): Float64Array {
  const sum = new Float64Array(height * width);
  for (let octave = 0; octave < octaves; octave++) {
    const cells = 2 ** (octave + 1);
    const grid = uniform((cells + 1) ** 2);
    for (let i = 0; i < sum.length; i++) {
      const y = ((Math.floor(i / width) + 0.5) / height) * cells;
      const x = (((i % width) + 0.5) / width) * cells;
      const [row, column] = [Math.min(cells - 1, Math.floor(y)), Math.min(cells - 1, Math.floor(x))];
      const [down, across] = [y - row, x - column];
      const at = (a: number, b: number) => grid[(row + a) * (cells + 1) + column + b]!;
      const above = at(0, 0) * (1 - across) + at(0, 1) * across;
      const below = at(1, 0) * (1 - across) + at(1, 1) * across;
      sum[i]! += (above * (1 - down) + below * down) * fainter ** -octave;
    }
  }
  const low = sum.reduce((a, b) => Math.min(a, b));
  const high = sum.reduce((a, b) => Math.max(a, b));
  return sum.map((v) => (high > low ? (v - low) / (high - low) : 0));
}

export const fog: Corruption = {
  name: "fog",
  title: "(x + c f) m / (m + c), f a cloud of 0 to 1, m the highest value",
  grey: [0.5, 0.75, 1, 1.5, 2],
  colour: [0.2, 0.5, 0.75, 1, 1.5],
  apply(picture, c, draws) {
    const { pixels, height, width } = picture;
    const f = cloud(picture, (count) => draws.uniform(count));
    const most = pixels.reduce((a, b) => Math.max(a, b), 1e-6);
    return pixels.map((v, i) => ((v + c * f[i % (height * width)]!) * most) / (most + c));
  },
};
