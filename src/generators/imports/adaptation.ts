import { numpy as np, type Array as Traced } from "@jax-js/jax";
import { hasUnits, inPlainUnits } from "../../data/changeOfUnits.ts";
import { AttarError } from "../../engine/index.ts";
import type { GeneratorGround } from "../generator.ts";
import { resampled, resizing } from "../layers/resampled.ts";

/** Pictures as a foreign model makes or reads them. */
export interface Picture {
  /** [C, H, W], C 1 or 3. */
  readonly shape: readonly [number, number, number];
  /** Its values of black and of white. */
  readonly black: number;
  readonly white: number;
}

/** The way between a model's pictures and the samples of a data set. */
export interface Adaptation {
  /** [n, C, H, W] of the model → [n, C', H', W'] in the training normalisation. */
  toSamples(pictures: Traced): Traced;
  /** The way back. */
  toPictures(samples: Traced): Traced;
}

/** Shares of red, green and blue in grey. */
const grey = [0.299, 0.587, 0.114];

/**
 * Black to black and white to white, grey of colours and colours of grey, sizes by a triangle filter (antialiased), then the data set's
 * normalisation.
 *
 * @throws AttarError "bad-combination" for samples that are no pictures between black and white
 */
export function adaptation(
  { shape: own, black, white }: Picture,
  { name, shape, kind, normalisation }: GeneratorGround,
): Adaptation {
  if (kind !== "image" || normalisation.zca || !hasUnits(normalisation))
    throw new AttarError(
      "bad-combination",
      `the samples of ${name} are no pictures between black and white, which a generator trained elsewhere makes`,
      "--set synthetic.generator=cvae:likelihood=gaussian",
    );
  const { mean, std } = inPlainUnits(normalisation, [...shape]);
  const colours = (values: readonly number[]) => np.array([...values], { shape: [1, values.length, 1, 1] });
  return {
    toSamples(pictures) {
      const unit = pictures.sub(black).mul(1 / (white - black));
      const there = resized(coloured(unit, own[0], shape[0]), [own[1], own[2]], [shape[1], shape[2]]);
      return there.sub(colours(mean)).mul(colours(std.map((s) => 1 / s)));
    },
    toPictures(samples) {
      const unit = samples.mul(colours(std)).add(colours(mean));
      const there = resized(coloured(unit, shape[0], own[0]), [shape[1], shape[2]], [own[1], own[2]]);
      return there.mul(white - black).add(black);
    },
  };
}

type Size = readonly [height: number, width: number];

const resized = (x: Traced, from: Size, to: Size): Traced =>
  from[0] === to[0] && from[1] === to[1] ? x : resampled(x, resizing(from[0], to[0]), resizing(from[1], to[1]));

function coloured(x: Traced, from: number, to: number): Traced {
  if (from === to) return x;
  if (from === 1) return np.broadcastTo(x, [x.shape[0]!, to, ...x.shape.slice(2)]);
  const shares = from === 3 ? grey : new Array<number>(from).fill(1 / from);
  const one = np.sum(x.mul(np.array(shares, { shape: [1, from, 1, 1] })), 1, { keepdims: true });
  return coloured(one, 1, to);
}
