import { nn, numpy as np, type Array as Traced } from "@jax-js/jax";
import type { CondensedSet } from "../data/dataset.ts";
import { type Domain, domainOf } from "../data/domain.ts";
import { AttarError, size, tensor } from "../engine/index.ts";
import { onnxFile } from "../engine/onnxFile.ts";
import { networkText, type TracedParams } from "../hypotheses/index.ts";
import type { TrainedNetwork } from "./readings/index.ts";

/** Samples of which a file takes: shape, units and names, and where their shape does not tell it, their domain. */
export type Sampled = Pick<CondensedSet, "shape" | "normalisation" | "classes" | "target"> & {
  readonly domain?: Pick<Domain, "shape">;
};

type Fixed = {
  params: TracedParams;
  statistics: TracedParams;
  /** Per channel: (x − mean) / std. */
  units: { mean: Traced; std: Traced };
  /** Whitening x ↦ W (x − m) of flat samples. */
  zca?: { mean: Traced; whiten: Traced };
  /** The units of numbers that are predicted. */
  target?: { mean: Traced; std: Traced };
};

/**
 * A trained network as an ONNX file that needs nothing else: samples in units of stored / scale come in, pixels from 0 to 1 say,
 * normalisation is inside. Its input is `samples` [N, …shape of a sample], N free. Its outputs are `logits` and
 * `probabilities` [N, classes]; of a network trained on values `scores` [N, classes]; of numbers `values` [N, k] in their own
 * units. The metadata say so, with the class names.
 *
 * @throws AttarError "bad-option" for an infinitely wide network, which has no weights; "not-portable" as `onnxFile` does
 */
export async function networkFile(
  { spec, weights, outputs }: TrainedNetwork,
  { shape, normalisation, classes, target, domain = domainOf(shape) }: Sampled,
  about: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  if (!weights)
    throw new AttarError(
      "bad-option",
      `${spec.name} has a kernel and no weights to write`,
      "for example --net convnet",
    );
  const { network, params, statistics } = weights;
  const { zca, mean, std, scale } = normalisation;
  const channelwise = (values: readonly number[]) => tensor(values, [1, values.length, 1, 1]);
  const numbers = (values: readonly number[]) => tensor(values, [1, values.length]);
  const names = target ? ["values"] : outputs === "logits" ? ["logits", "probabilities"] : ["scores"];
  const apply = (fixed: Fixed, samples: Traced): Traced[] => {
    const n = samples.shape[0]!;
    let x = samples
      .reshape([n, ...shape])
      .sub(fixed.units.mean)
      .div(fixed.units.std);
    if (fixed.zca)
      x = np
        .matmul(x.reshape([n, size(shape)]).sub(fixed.zca.mean), fixed.zca.whiten.transpose())
        .reshape([n, ...shape]);
    const found = network.statistics
      ? network.statistics.evaluate(fixed.params, fixed.statistics, x)
      : network.logits(fixed.params, x);
    if (fixed.target) return [found.mul(fixed.target.std).add(fixed.target.mean)];
    return names.length === 2 ? [found.ref, nn.softmax(found, -1)] : [found];
  };
  return onnxFile(
    apply,
    {
      params,
      statistics: statistics ?? {},
      units: { mean: channelwise(mean), std: channelwise(std) },
      ...(zca && {
        zca: {
          mean: tensor(zca.mean, [1, zca.dimension]),
          whiten: tensor(zca.whiten, [zca.dimension, zca.dimension]),
        },
      }),
      ...(target && { target: { mean: numbers(target.mean), std: numbers(target.std) } }),
    },
    {
      name: networkText(spec),
      input: "samples",
      outputs: names,
      sample: domain.shape,
      about: {
        network: networkText(spec),
        classes: JSON.stringify(target ? target.names : classes),
        samples: `float32 [N, ${domain.shape.join(", ")}], stored values divided by ${scale}`,
        scale: String(scale),
        ...about,
      },
    },
  );
}
