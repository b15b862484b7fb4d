import { smoothed } from "./blur.ts";
import type { Corruption } from "./corruption.ts";
import { middleOf, sampled } from "./sample.ts";

/** The way to turn or lean, by a draw. */
const signOf = (uniform: Float64Array) => (uniform[0]! < 0.5 ? -1 : 1);

export const rotate: Corruption = {
  name: "rotate",
  title: "turned about the middle by an angle in radians, to either side",
  grey: [0.2, 0.4, 0.6, 0.8, 1],
  colour: [0.1, 0.2, 0.3, 0.4, 0.5],
  apply(picture, size, draws) {
    const angle = signOf(draws.uniform(1)) * size;
    const [cy, cx] = middleOf(picture);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return sampled(picture, (y, x) => [cy + sin * (x - cx) + cos * (y - cy), cx + cos * (x - cx) - sin * (y - cy)]);
  },
};

export const shear: Corruption = {
  name: "shear",
  title: "rows shifted by a share of their distance from the middle, to either side",
  grey: [0.2, 0.4, 0.6, 0.8, 1],
  colour: [0.1, 0.2, 0.3, 0.4, 0.5],
  apply(picture, size, draws) {
    const lean = signOf(draws.uniform(1)) * size;
    const [cy] = middleOf(picture);
    return sampled(picture, (y, x) => [y, x + lean * (y - cy)]);
  },
};

export const scale: Corruption = {
  name: "scale",
  title: "made smaller about the middle, by a factor",
  grey: [1 / 0.9, 1 / 0.8, 1 / 0.7, 1 / 0.6, 1 / 0.5],
  colour: [1 / 0.95, 1 / 0.9, 1 / 0.8, 1 / 0.7, 1 / 0.6],
  apply(picture, factor) {
    const [cy, cx] = middleOf(picture);
    return sampled(picture, (y, x) => [cy + (y - cy) * factor, cx + (x - cx) * factor]);
  },
};

export const translate: Corruption = {
  name: "translate",
  title: "moved by some pixels in any direction",
  grey: [1, 2, 3, 4, 5],
  colour: [1, 2, 3, 4, 5],
  inPixels: true,
  apply(picture, distance, draws) {
    const angle = 2 * Math.PI * draws.uniform(1)[0]!;
    const [dy, dx] = [distance * Math.sin(angle), distance * Math.cos(angle)];
    return sampled(picture, (y, x) => [y - dy, x - dx]);
  },
};

/** The deviation of the Gaussian that smooths a field of displacements, of 28 pixels a side. */
const smooth = 3;

export const elastic: Corruption = {
  name: "elastic",
  title: "each pixel moved by a smooth field of displacements of this root mean square (Simard et al. 2003)",
  grey: [0.5, 1, 1.5, 2, 2.5],
  colour: [0.4, 0.8, 1.2, 1.6, 2],
  inPixels: true,
  apply(picture, size, draws) {
    const { height, width } = picture;
    const sigma = (smooth * Math.min(height, width)) / 28;
    const field = () => {
      const raw = smoothed(
        draws.uniform(height * width).map((u) => 2 * u - 1),
        height,
        width,
        sigma,
      );
      const unit = Math.sqrt(raw.reduce((sum, v) => sum + v * v, 0) / raw.length) || 1;
      return raw.map((v) => (v / unit) * size);
    };
    const [down, across] = [field(), field()];
    return sampled(picture, (y, x) => [y + down[y * width + x]!, x + across[y * width + x]!]);
  },
};
