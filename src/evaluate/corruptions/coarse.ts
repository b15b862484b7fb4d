import type { Corruption } from "./corruption.ts";

/** The shares of pixels of a line that each of fewer, larger ones covers: [to][from]. */
function covers(from: number, to: number): Float64Array[] {
  return Array.from({ length: to }, (_, i) => {
    const [start, end] = [(i * from) / to, ((i + 1) * from) / to];
    return Float64Array.from(
      { length: from },
      (_p, p) => Math.max(0, Math.min(end, p + 1) - Math.max(start, p)) / (end - start),
    );
  });
}

export const pixelate: Corruption = {
  name: "pixelate",
  title: "as few, large pixels: a share of each side",
  grey: [0.8, 0.6, 0.5, 0.4, 0.3],
  colour: [0.95, 0.9, 0.85, 0.75, 0.65],
  apply({ height, width, pixels }, share) {
    const [h, w] = [Math.max(1, Math.floor(height * share)), Math.max(1, Math.floor(width * share))];
    const [rows, columns] = [covers(height, h), covers(width, w)];
    const plane = height * width;
    return pixels.map((_, i) => {
      const [y, x] = [Math.floor(i / width) % height, i % width];
      const start = Math.floor(i / plane) * plane;
      const [row, column] = [rows[Math.floor((y * h) / height)]!, columns[Math.floor((x * w) / width)]!];
      let sum = 0;
      for (let a = 0; a < height; a++)
        if (row[a]! > 0)
          for (let b = 0; b < width; b++)
            if (column[b]! > 0) sum += row[a]! * column[b]! * pixels[start + a * width + b]!;
      return sum;
    });
  },
};

export const quantise: Corruption = {
  name: "quantise",
  title: "rounded to 2ᵇ values, of b bits",
  grey: [5, 4, 3, 2, 1],
  colour: [5, 4, 3, 2, 1],
  apply({ pixels }, bits) {
    const steps = 2 ** bits - 1;
    return pixels.map((v) => Math.floor(v * steps + 0.5) / steps);
  },
};

export const stripe: Corruption = {
  name: "stripe",
  title: "the outer columns, a share of the width, inverted",
  grey: [0.1, 0.2, 0.3, 0.4, 0.5],
  colour: [0.1, 0.2, 0.3, 0.4, 0.5],
  apply({ width, pixels }, share) {
    const outer = (share * width) / 2;
    return pixels.map((v, i) => {
      const x = (i % width) + 0.5;
      return x < outer || x > width - outer ? 1 - v : v;
    });
  },
};
