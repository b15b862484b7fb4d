import type { Dataset } from "../../data/dataset.ts";
import { type RandomKey, Tensor } from "../../engine/index.ts";
import { oneHot } from "../../hypotheses/index.ts";
import type { DataSpace, Variables } from "../../synthetic/index.ts";
import { augmentationTensors, augmentOnHost, type Draw } from "../../tricks/index.ts";
import type { Decoder } from "../decoder.ts";
import type { SyntheticBatch } from "./comparison.ts";
import type { Labelled } from "./curvature.ts";
import { joined } from "./directions.ts";

/** What a step visits of S: the shares of some classes, of large ones a few images each. */
export class Shares {
  constructor(
    private readonly dataset: Dataset,
    private readonly space: DataSpace,
    private readonly key: RandomKey,
    private readonly decoder: Decoder,
  ) {}

  /** Decoded images of a class that enter a step. */
  get entering(): number {
    const { most, imagesPerClass } = this.space;
    return most > 0 ? Math.min(most, imagesPerClass) : imagesPerClass;
  }

  /** The shares of the visited classes, with their labels and draws. */
  batch(variables: Variables, active: readonly number[], augment: readonly Draw[], step: number): SyntheticBatch {
    const { space } = this;
    const [, height, width] = this.dataset.shape;
    const classes = this.dataset.classes.length;
    const n = this.entering;
    const labels = Int32Array.from({ length: active.length * n }, (_, i) => active[Math.floor(i / n)]!);
    const picked = () => {
      const own = this.key.fold("pick").fold(step);
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
                space.variables[name]!.perClass ? shares(t, active, classes) : t,
              ]),
            ),
      targets: oneHot(labels, classes).reshape([active.length, n, classes]),
      ...(augment.length > 0 && { draw: augmentationTensors(augment, height, width) }),
      ...(n < space.imagesPerClass && { picked: picked() }),
    };
  }

  /** The images of S as a step sees them, with their labels. */
  async seen(
    variables: Variables,
    active: readonly number[],
    augment: readonly Draw[],
    { targets, picked }: SyntheticBatch,
  ): Promise<Labelled> {
    const { imagesPerClass } = this.space;
    const { shape } = this.dataset;
    const all = await this.decoder.images(variables);
    const n = targets.shape[1]!;
    const groups = active.map((c, g) => {
      const from = c * imagesPerClass;
      const own = picked
        ? joined(Array.from(picked.rows(g, g + 1).data, (row) => all.rows(from + row, from + row + 1)))
        : all.rows(from, from + imagesPerClass);
      const draw = augment[g];
      if (!draw) return own;
      return new Tensor(augmentOnHost(own.data as Float32Array, shape, [draw]), own.shape, "float32");
    });
    return { images: joined(groups), labels: targets.reshape([active.length * n, targets.shape[2]!]) };
  }
}

/** The equal shares of some classes along the first axis, in order. */
function shares(t: Tensor, active: readonly number[], classes: number): Tensor {
  const length = t.data.length / classes;
  const data = new Float32Array(active.length * length);
  active.forEach((c, i) => {
    data.set(t.data.subarray(c * length, (c + 1) * length) as Float32Array, i * length);
  });
  return new Tensor(data, [(t.shape[0]! / classes) * active.length, ...t.shape.slice(1)], "float32");
}
