import { type Ball, boxed, project } from "./ball.ts";
import type { SquareDraws } from "./squareDraws.ts";

/** A change of one image's best version so far, in place. */
type Change = (image: Float64Array, id: number, at: Float64Array) => void;

/** The random moves of the square attack in a norm. */
export interface SquareMoves {
  /** Writes where the search for an image begins. */
  start: Change;
  /** The change of a query. @param side of the square that it is to make, in pixels */
  query(query: number, side: number): Change;
}

type Shape = readonly [channels: number, height: number, width: number];

export const squareMoves = (ball: Ball, shape: Shape, draws: SquareDraws): SquareMoves =>
  ball.norm === "linf" ? signMoves(ball, shape, draws) : massMoves(ball, shape, draws);

const plus = (bit: number): number => (bit > 0 ? 1 : -1);

/** L∞: stripes of ±ε first, then squares of ±2ε brought back into the ball; a place and signs for all images of a query. */
function signMoves(ball: Ball, [channels, height, width]: Shape, draws: SquareDraws): SquareMoves {
  const { radius } = ball;
  const plane = height * width;
  return {
    start(image, id, at) {
      const signs = draws.signs({ id, part: 0 }, channels * width);
      for (let j = 0; j < image.length; j++) {
        const stripe = Math.floor(j / plane) * width + (j % width);
        at[j] = boxed(image[j]! + radius * plus(signs[stripe]!), image[j]!);
      }
    },
    query(query, side) {
      const s = Math.min(Math.max(Math.round(side), 1), height, width);
      const [top, left] = [draws.below(query, 0, height - s), draws.below(query, 1, width - s)];
      const signs = draws.signs({ part: query + 1 }, channels);
      return (image, _id, at) => {
        for (let c = 0; c < channels; c++)
          for (let y = top; y < top + s; y++)
            for (let x = left; x < left + s; x++) at[c * plane + y * width + x]! += 2 * radius * plus(signs[c]!);
        project(ball, image, at, 0, image.length);
      };
    },
  };
}

/**
 * L2: a pattern in every tile first; then the perturbation of one window is taken away, and what it had of the norm goes to another
 * one, as its old form and a pattern together.
 */
function massMoves(ball: Ball, [channels, height, width]: Shape, draws: SquareDraws): SquareMoves {
  const { radius } = ball;
  const plane = height * width;
  const onSphere = (image: Float64Array, delta: Float64Array, at: Float64Array) => {
    const scale = radius / (norm(delta) + 1e-12);
    for (let j = 0; j < image.length; j++) at[j] = boxed(image[j]! + scale * delta[j]!, image[j]!);
  };
  return {
    start(image, id, at) {
      const s = Math.max(1, Math.floor(height / 5));
      const first = Math.max(0, Math.floor((height - 5 * s) / 2));
      const delta = new Float64Array(image.length);
      let tile = 0;
      for (let v = 0; v < Math.floor(height / s); v++)
        for (let u = 0; u < Math.floor(width / s); u++, tile++) {
          const signs = draws.signs({ id, part: tile }, channels);
          const bumps = pattern(s, draws.turned(tile));
          eachOf(s, (y, x, k) => {
            const [row, column] = [first + v * s + y, first + u * s + x];
            if (row >= height || column >= width) return;
            for (let c = 0; c < channels; c++) delta[c * plane + row * width + column]! += plus(signs[c]!) * bumps[k]!;
          });
        }
      onSphere(image, delta, at);
    },
    query(query, side) {
      let s = Math.max(Math.round(side), 3);
      if (s % 2 === 0) s++;
      s = Math.min(s, height, width);
      const [top, left] = [draws.below(query, 0, height - s), draws.below(query, 1, width - s)];
      const [top2, left2] = [draws.below(query, 2, height - s), draws.below(query, 3, width - s)];
      const bumps = pattern(s, draws.turned(tiles(height, width) + query));
      return (image, id, at) => {
        const delta = at.map((v, j) => v - image[j]!);
        const signs = draws.signs({ id, part: tiles(height, width) + query }, channels);
        const unused = Math.max(0, radius ** 2 - norm(delta) ** 2) / channels;
        for (let c = 0; c < channels; c++) {
          const own = delta.subarray(c * plane, (c + 1) * plane);
          const place = (y: number, x: number) => (top + y) * width + left + x;
          const ofWindow = windowNorm(own, width, s, top, left);
          const both = unionSquares(own, width, s, [top, left], [top2, left2]);
          const mixed = new Float64Array(s * s);
          eachOf(s, (y, x, k) => {
            mixed[k] = bumps[k]! * plus(signs[c]!) + own[place(y, x)]! / (1e-12 + ofWindow);
          });
          const scale = Math.sqrt(unused + both) / (1e-12 + norm(mixed));
          eachOf(s, (y, x) => {
            own[(top2 + y) * width + left2 + x] = 0;
          });
          eachOf(s, (y, x, k) => {
            own[place(y, x)] = mixed[k]! * scale;
          });
        }
        onSphere(image, delta, at);
      };
    },
  };
}

/** Tiles of the start, whose draws come before those of queries. */
function tiles(height: number, width: number): number {
  const s = Math.max(1, Math.floor(height / 5));
  return Math.floor(height / s) * Math.floor(width / s);
}

function eachOf(s: number, visit: (y: number, x: number, k: number) => void): void {
  for (let y = 0; y < s; y++) for (let x = 0; x < s; x++) visit(y, x, y * s + x);
}

function norm(values: Float64Array): number {
  let squares = 0;
  for (const v of values) squares += v * v;
  return Math.sqrt(squares);
}

function windowNorm(plane: Float64Array, width: number, s: number, top: number, left: number): number {
  let squares = 0;
  eachOf(s, (y, x) => {
    squares += plane[(top + y) * width + left + x]! ** 2;
  });
  return Math.sqrt(squares);
}

/** The sum of squares in either of two windows. */
function unionSquares(
  plane: Float64Array,
  width: number,
  s: number,
  [top, left]: readonly [number, number],
  [top2, left2]: readonly [number, number],
): number {
  let squares = windowNorm(plane, width, s, top, left) ** 2;
  eachOf(s, (y, x) => {
    const [row, column] = [top2 + y, left2 + x];
    if (row >= top && row < top + s && column >= left && column < left + s) return;
    squares += plane[row * width + column]! ** 2;
  });
  return squares;
}

/** A bump up and a bump down, one above the other or, turned, side by side: [s, s] of length 1. */
function pattern(s: number, turned: boolean): Float64Array {
  const upper = Math.floor(s / 2);
  const out = new Float64Array(s * s);
  out.set(bump(upper, s));
  out.set(
    bump(s - upper, s).map((v) => -v),
    upper * s,
  );
  const length = norm(out);
  return out.map((_, k) => out[turned ? (k % s) * s + Math.floor(k / s) : k]! / length);
}

/** Squares around the middle of [rows, columns], of height 1 / r² each, one upon the other: of length 1. */
function bump(rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  let [top, left] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const rings = Math.max(Math.floor(rows / 2), Math.floor(columns / 2)) + 1;
  for (let r = 0; r < rings; r++) {
    for (let y = Math.max(top, 0); y < Math.min(top + 2 * r + 1, rows); y++)
      for (let x = Math.max(left, 0); x < Math.min(left + 2 * r + 1, columns); x++)
        out[y * columns + x]! += 1 / (r + 1) ** 2;
    top--;
    left--;
  }
  const length = norm(out);
  return length === 0 ? out : out.map((v) => v / length);
}
