import { Tensor } from "../../../engine/index.ts";
import { oneHot } from "../../../hypotheses/index.ts";
import type { Variables } from "../../../synthetic/index.ts";
import { augmentationTensors, augmentOnHost, type Draw } from "../../../tricks/index.ts";
import { labelsName, type Setup } from "../../setup.ts";
import type { Labelled } from "./curvature.ts";
import type { SyntheticBatch } from "./matchingLoss.ts";

/** The shares of S that a step visits: those of some classes, of large ones a few images each. */
export class Shares {
  constructor(private readonly setup: Setup) {}

  /** Decoded images of a class that enter a step. */
  get entering(): number {
    const { most, imagesPerClass, drawn } = this.setup.space;
    if (drawn !== undefined) return drawn;
    return most > 0 ? Math.min(most, imagesPerClass) : imagesPerClass;
  }

  /** The shares of the visited classes, with their labels and draws. */
  batch(variables: Variables, active: readonly number[], augment: readonly Draw[], step: number): SyntheticBatch {
    const { facts, space, variables: traits, key } = this.setup;
    const [, height, width] = facts.shape;
    const classes = facts.classes.length;
    const n = this.entering;
    const labels = Int32Array.from({ length: active.length * n }, (_, i) => active[Math.floor(i / n)]!);
    const picked = () => {
      const own = key.fold("pick").fold(step);
      const rows = active.flatMap((c) => Array.from(own.fold(c).permutation(space.imagesPerClass, n)));
      return new Tensor(Int32Array.from(rows), [active.length, n], "int32");
    };
    return {
      variables:
        active.length === classes
          ? variables
          : Object.fromEntries(
              Object.entries(variables).map(([name, t]) => [
                name,
                traits[name]!.perClass ? shares(t, active, classes) : t,
              ]),
            ),
      targets: oneHot(labels, classes).reshape([active.length, n, classes]),
      ...(augment.length > 0 && { draw: augmentationTensors(augment, height, width) }),
      ...(space.drawn === undefined && n < space.imagesPerClass && { picked: picked() }),
    };
  }

  /** The images of S as a step sees them, with their labels. */
  async seen(
    variables: Variables,
    active: readonly number[],
    augment: readonly Draw[],
    { targets, picked }: SyntheticBatch,
  ): Promise<Labelled> {
    const { space, facts, decoding, labels } = this.setup;
    const imagesPerClass = space.drawn ?? space.imagesPerClass;
    const { shape } = facts;
    const all = await decoding.images(variables);
    const published = labels.learned ? labels.published(variables[labelsName]!) : undefined;
    const n = targets.shape[1]!;
    const rowsOf = (of: Tensor, c: number, g: number): Tensor =>
      picked
        ? of.rows(c * imagesPerClass, (c + 1) * imagesPerClass).take(picked.rows(g, g + 1).data)
        : of.rows(c * imagesPerClass, (c + 1) * imagesPerClass);
    const groups = active.map((c, g) => {
      const own = rowsOf(all, c, g);
      const draw = augment[g];
      if (!draw) return own;
      return new Tensor(augmentOnHost(own.data as Float32Array, shape, [draw]), own.shape, "float32");
    });
    return {
      images: Tensor.concat(groups),
      labels: published
        ? Tensor.concat(active.map((c, g) => rowsOf(published, c, g)))
        : targets.reshape([active.length * n, targets.shape[2]!]),
    };
  }
}

/** The equal shares of some classes along the first axis, in order. */
export function shares(t: Tensor, active: readonly number[], classes: number): Tensor {
  const length = t.data.length / classes;
  const data = new Float32Array(active.length * length);
  active.forEach((c, i) => {
    data.set(t.data.subarray(c * length, (c + 1) * length) as Float32Array, i * length);
  });
  return new Tensor(data, [(t.shape[0]! / classes) * active.length, ...t.shape.slice(1)], "float32");
}
