import { numpy as np, type Array as Traced, valueAndGrad } from "@jax-js/jax";
import { describe, expect, test } from "vitest";
import { formulaTensor } from "../../../golden/hypotheses/formula.ts";
import golden from "../../../golden/tricks/regularisation.json" with { type: "json" };
import { compile, type OptionValues, resolveOptions, Tensor } from "../../engine/index.ts";
import type { RegularisationTrick } from "../trick.ts";
import { contrastive } from "./contrastive.ts";
import { cosine } from "./cosine.ts";
import { discrimination } from "./discrimination.ts";
import { diversity } from "./diversity.ts";
import { inter } from "./inter.ts";
import { intra } from "./intra.ts";
import { pair } from "./pair.ts";
import { representative } from "./representative.ts";

const [classes, n, m, k] = [3, 4, 5, 6];
const cases: readonly [keyof typeof golden, RegularisationTrick, OptionValues, factor?: number][] = [
  ["intra", intra, { temperature: 0.7 }],
  ["inter", inter, { margin: 2.5 }],
  ["pair", pair, {}],
  ["representative", representative, {}],
  ["representative class", representative, { among: "class" }],
  ["representative nearest", representative, { counts: "nearest" }],
  ["diversity", diversity, {}],
  ["diversity class", diversity, { among: "class" }],
  ["contrastive", contrastive, { temperature: 0.7 }],
  ["cosine", cosine, {}],
  ["discrimination", discrimination, {}],
  // A weight meant for one class is three times as large for three.
  ["discrimination", discrimination, { classes: 1 }, classes],
];

describe.each(cases)("%s", (name, trick, given, factor = 1) => {
  const term = trick.make(resolveOptions(name, trick.options, given));
  const real = formulaTensor([classes, m, k], 3);
  const features = [1, 2].slice(0, trick.hypotheses).map((t) => formulaTensor([classes, n, k], t));
  const run = compile((synthetic: Traced[], rows: Traced) => {
    const loss = (own: Traced[]): Traced =>
      term({
        synthetic: own,
        ...(trick.real === "rows" && { real: rows }),
        ...(trick.real === "means" && { real: np.mean(rows, 1) }),
        ...(trick.real === "partners" && { real: rows.slice([], [0, n]) }),
        targets: np.zeros([classes, n, classes]),
        accuracy: np.zeros([]),
      });
    const [value, gradients] = valueAndGrad(loss)(synthetic);
    return { loss: value, gradients };
  });
  const at = async (own: Tensor[]) =>
    (await run(own as never, real as never)) as unknown as { loss: Tensor; gradients: Tensor[] };
  const wanted = golden[name];

  test("value and gradient are the paper's formula in float64", async () => {
    const { loss, gradients } = await at(features);
    expect(Math.abs(loss.item() / (factor * wanted.loss) - 1)).toBeLessThan(1e-6);
    expect(gradients).toHaveLength(wanted.gradients.length);
    wanted.gradients.forEach((gradient, h) => {
      const scale = Math.max(...gradient.map(Math.abs));
      gradient.forEach((g, i) => {
        expect(Math.abs(g - gradients[h]!.data[i]! / factor) / scale).toBeLessThan(1e-5);
      });
    });
  });

  test("the gradient is the slope", async () => {
    const along = features.map((_, h) => formulaTensor([classes, n, k], 8 + h).data as Float32Array);
    const moved = (by: number) =>
      features.map(
        ({ data, shape }, h) =>
          new Tensor(
            Float32Array.from(data, (v, i) => v + by * along[h]![i]!),
            shape,
            "float32",
          ),
      );
    const step = 1e-3;
    const slope = ((await at(moved(step))).loss.item() - (await at(moved(-step))).loss.item()) / (2 * step);
    const { gradients } = await at(features);
    const dot = gradients.reduce((sum, g, h) => sum + along[h]!.reduce((part, v, i) => part + v * g.data[i]!, 0), 0);
    expect(Math.abs(dot - slope)).toBeLessThan(1e-2 * Math.abs(slope) + 1e-3);
  });
});

test("embeddings as long as a network's, and equal images, leave every gradient finite", async () => {
  const same = Float32Array.from({ length: 2 * 3 * 512 }, (_, i) => Math.sin(i % 512) + 1);
  const equal = new Tensor(same, [2, 3, 512], "float32");
  const all: RegularisationTrick[] = [intra, inter, representative, diversity, contrastive, cosine, discrimination];
  for (const trick of all) {
    const term = trick.make(resolveOptions("trick", trick.options, {}));
    const gradient = compile((x: Traced) => {
      const loss = (own: Traced) =>
        term({
          synthetic: trick.hypotheses === 2 ? [own.ref, own] : [own],
          ...(trick.real === "rows" && { real: np.ones([2, 4, 512]) }),
          ...(trick.real === "means" && { real: np.ones([2, 512]) }),
          targets: np.zeros([2, 3, 2]),
          accuracy: np.zeros([]),
        });
      const [value, slope] = valueAndGrad(loss)(x);
      return { value, slope };
    });
    const { value, slope } = (await gradient(equal as never)) as unknown as { value: Tensor; slope: Tensor };
    expect(Number.isFinite(value.item())).toBe(true);
    expect((slope.data as Float32Array).every(Number.isFinite)).toBe(true);
  }
});
