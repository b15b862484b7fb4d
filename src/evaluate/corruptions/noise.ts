import type { Corruption } from "./corruption.ts";
import { poisson } from "./poisson.ts";

/** Sensor noise in the dark. */
export const gaussianNoise: Corruption = {
  name: "gaussian-noise",
  title: "x + σ n, n normal",
  grey: [0.08, 0.12, 0.18, 0.26, 0.38],
  colour: [0.04, 0.06, 0.08, 0.09, 0.1],
  apply({ pixels }, sigma, draws) {
    const noise = draws.normal(pixels.length);
    return pixels.map((v, i) => v + sigma * noise[i]!);
  },
};

/** Noise of counted photons. */
export const shotNoise: Corruption = {
  name: "shot-noise",
  title: "Poisson(c x) / c",
  grey: [60, 25, 12, 5, 3],
  colour: [500, 250, 100, 75, 50],
  apply({ pixels }, count, draws) {
    const unit = draws.uniform(pixels.length);
    return pixels.map((v, i) => poisson(Math.max(0, v) * count, unit[i]!) / count);
  },
};

/** Dead and stuck pixels, black or white. */
export const impulseNoise: Corruption = {
  name: "impulse-noise",
  title: "a share p of the values is black or white",
  grey: [0.03, 0.06, 0.09, 0.17, 0.27],
  colour: [0.01, 0.02, 0.03, 0.05, 0.07],
  apply({ pixels }, share, draws) {
    const [hit, white] = [draws.uniform(pixels.length), draws.uniform(pixels.length)];
    return pixels.map((v, i) => (hit[i]! < share ? Number(white[i]! >= 0.5) : v));
  },
};

/** Noise that grows with the light. */
export const speckleNoise: Corruption = {
  name: "speckle-noise",
  title: "x + σ x n, n normal",
  grey: [0.15, 0.2, 0.35, 0.45, 0.6],
  colour: [0.06, 0.1, 0.12, 0.16, 0.2],
  apply({ pixels }, sigma, draws) {
    const noise = draws.normal(pixels.length);
    return pixels.map((v, i) => v + sigma * v * noise[i]!);
  },
};
