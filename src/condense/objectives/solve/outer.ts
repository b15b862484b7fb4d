import type { Array as Traced } from "@jax-js/jax";
import type { CriterionKind, OutputsCriterion, ParametersCriterion } from "../../../discrepancies/index.ts";
import {
  type OptionValues,
  samplesAtATime,
  sumOverSamples,
  type Tensor,
  tensor,
  valueAndGradients,
} from "../../../engine/index.ts";
import type { NamedTensors, NamedTraced, Network, Params, Targets, TracedParams } from "../../../hypotheses/index.ts";

/** Loss of a network's outputs on T, and its derivatives: means over a batch. */
export interface OutputsLoss {
  readonly loss: number;
  readonly params: Params;
  readonly learned: NamedTensors;
}

/** A criterion, ready to be read of a network. */
export type Outer =
  | {
      readonly reads: "outputs";
      readonly criterion: OutputsCriterion;
      ofNetwork(params: Params, real: Targets, learned: NamedTensors): Promise<OutputsLoss>;
      dispose(): void;
    }
  | { readonly reads: "parameters"; readonly criterion: ParametersCriterion; dispose(): void };

export function outerOf(kind: CriterionKind, options: OptionValues, network: Network): Outer {
  const made = kind.make(options);
  if (kind.reads === "parameters")
    return { reads: "parameters", criterion: made as ParametersCriterion, dispose: () => {} };
  const criterion = made as OutputsCriterion;
  type Fixed = { params: TracedParams; learned: NamedTraced };
  type Samples = { images: Traced; labels: Traced };
  const sums = sumOverSamples(
    ({ params, learned }: Fixed, { images, labels }: Samples) => {
      const value = (p: TracedParams, l: NamedTraced) => criterion.loss(network.logits(p, images), labels, l);
      const [loss, [dParams, dLearned]] = valueAndGradients(value)(params, learned);
      return { loss, params: dParams, learned: dLearned };
    },
    { name: `outer loss of ${network.spec.name}` },
  );
  return {
    reads: "outputs",
    criterion,
    async ofNetwork(params, { images, labels }, learned) {
      const n = images.shape[0]!;
      const sum = await sums({ params, learned }, { images, labels }, samplesAtATime(n));
      return {
        loss: sum.loss.item() / n,
        params: Object.fromEntries(Object.entries(sum.params).map(([layer, own]) => [layer, means(own, n)])),
        learned: means(sum.learned, n),
      };
    },
    dispose: () => sums.dispose(),
  };
}

const means = (sums: Record<string, Tensor>, n: number) =>
  Object.fromEntries(
    Object.entries(sums).map(([name, { data, shape }]) => [
      name,
      tensor(
        (data as Float32Array).map((v) => v / n),
        shape,
      ),
    ]),
  );
