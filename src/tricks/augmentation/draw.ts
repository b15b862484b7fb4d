import type { RandomKey } from "../../engine/index.ts";
import type { Operator } from "./strategy.ts";

/** Parameters of one augmentation, for one image or shared by a batch. Operators that were not drawn are the identity. */
export interface Draw {
  /** Added to every pixel. */
  brightness: number;
  /** Factor on the distance to the pixel's mean over channels. */
  saturation: number;
  /** Factor on the distance to the image's mean. */
  contrast: number;
  /** The place where an output pixel looks for its value: normalised coordinates (x, y) ↦ (a x + b y, c x + d y). */
  affine: readonly [number, number, number, number];
  /** Translation in pixels, zero filled. */
  shift: readonly [number, number];
  flip: boolean;
  /** Square set to zero: [top, left, side] in pixels, clipped at the borders. */
  cutout?: readonly [number, number, number];
  /** True where brightness, saturation and contrast come before operators that move pixels, so that filled pixels stay zero. */
  colourFirst?: boolean;
}

export const identityDraw: Draw = {
  brightness: 0,
  saturation: 1,
  contrast: 1,
  affine: [1, 0, 0, 1],
  shift: [0, 0],
  flip: false,
};

/** Strengths of the operators, as in the reference code of Zhao and Bilen (2021). */
export const strengths = {
  brightness: 1,
  saturation: 2,
  contrast: 0.5,
  crop: 0.125,
  cutout: 0.5,
  scale: 1.2,
  rotate: 15,
};

/** Degrees that DC's authors rotate by when they train a network on S: their augmentation of single images. */
export const wideRotation = 45;

/** The one operator of a strategy that a batch gets; undefined for the empty strategy. */
export function drawOperator(key: RandomKey, strategy: readonly Operator[]): Operator | undefined {
  return strategy.length === 0 ? undefined : strategy[key.fold("operator").integer(strategy.length)];
}

/**
 * Random parameters of one operator for an image of height × width.
 *
 * @param rotation the most that it is rotated by, in degrees.
 */
export function drawParameters(
  key: RandomKey,
  operator: Operator | undefined,
  height: number,
  width: number,
  rotation = strengths.rotate,
): Draw {
  const u = (name: string) => key.fold(name).number();
  const integer = (name: string, low: number, high: number) => low + key.fold(name).integer(high - low + 1);
  switch (operator) {
    case "color":
      return {
        ...identityDraw,
        brightness: (u("brightness") - 0.5) * strengths.brightness,
        saturation: u("saturation") * strengths.saturation,
        contrast: u("contrast") + strengths.contrast,
      };
    case "crop": {
      const [y, x] = [Math.floor(height * strengths.crop + 0.5), Math.floor(width * strengths.crop + 0.5)];
      return { ...identityDraw, shift: [integer("down", -y, y), integer("right", -x, x)] };
    }
    case "cutout": {
      const side = Math.floor(height * strengths.cutout + 0.5);
      const odd = side % 2;
      const top = integer("top", 0, height - odd) - Math.floor(side / 2);
      const left = integer("left", 0, width - odd) - Math.floor(side / 2);
      return { ...identityDraw, cutout: [top, left, side] };
    }
    case "flip":
      return { ...identityDraw, flip: u("flip") < 0.5 };
    case "scale": {
      const ratio = strengths.scale;
      const draw = (name: string) => 1 / ratio + u(name) * (ratio - 1 / ratio);
      return { ...identityDraw, affine: [draw("x"), 0, 0, draw("y")] };
    }
    case "rotate": {
      const angle = ((u("angle") - 0.5) * 2 * rotation * Math.PI) / 180;
      return { ...identityDraw, affine: [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)] };
    }
    default:
      return identityDraw;
  }
}
