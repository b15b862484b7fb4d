import {
  type Ball,
  fromPixels,
  networkVictim,
  type PixelSlope,
  projectedAscent,
  slopeInPixels,
  toPixels,
  upCrossEntropy,
} from "../../attacks/index.ts";
import type { Samples } from "../../data/samples.ts";
import { size, Tensor } from "../../engine/index.ts";
import type { Params } from "../../hypotheses/index.ts";
import { type StepAttack, trickNamed } from "../../tricks/index.ts";
import type { Setup } from "../setup.ts";

/** Perturbs the real images of a step against what it looks through (§6.2). */
export interface Adversary {
  /** Samples perturbed against a network, up the cross-entropy of their labels. */
  against(params: Params, samples: Samples, step: number): Promise<Samples>;
  /** Images perturbed up any loss. @param slope its gradient in the images, as they are normalised */
  up(slope: (images: Tensor) => Promise<Tensor>, images: Tensor, step: number): Promise<Tensor>;
  /** Gradients in a sample that an evaluation takes. */
  readonly steps: number;
}

/** The adversary of a configuration, where it has one. */
export function adversaryOf({ configuration, facts, network }: Setup): Adversary | undefined {
  const own = configuration.tricks.find(({ name }) => trickNamed(name).kind === "adversary");
  if (!own) return undefined;
  const trick = trickNamed(own.name);
  if (trick.kind !== "adversary") return undefined;
  const attackAt = trick.make(own.options);
  const { normalisation, shape } = facts;
  const at = (step: number) => attackAt(step / configuration.steps);
  const moved = async (slope: PixelSlope, images: Tensor, attack: StepAttack): Promise<Tensor> => {
    const { norm, radius, steps, step } = attack;
    const ball: Ball = { norm, radius };
    const pixels = toPixels(images.data, normalisation, shape);
    const found = await projectedAscent(slope, pixels, size(shape), ball, pixels, { steps, length: radius * step });
    return new Tensor(fromPixels(found, normalisation, shape), images.shape, "float32");
  };
  return {
    steps: attackAt(1).steps,
    async against(params, samples, step) {
      const attack = at(step);
      if (attack.radius === 0) return samples;
      const victim = networkVictim({ network, params }, normalisation);
      return { ...samples, images: await moved(upCrossEntropy(victim, samples.labels), samples.images, attack) };
    },
    async up(slope, images, step) {
      const attack = at(step);
      if (attack.radius === 0) return images;
      const inPixels: PixelSlope = async (pixels) => {
        const seen = new Tensor(fromPixels(pixels, normalisation, shape), images.shape, "float32");
        return slopeInPixels((await slope(seen)).data, normalisation, shape);
      };
      return moved(inPixels, images, attack);
    },
  };
}
