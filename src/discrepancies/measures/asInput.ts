import { AttarError, perRuntime, size, type Tensor } from "../../engine/index.ts";
import { buildNetwork, mlp, type Network, type NetworkSpec } from "../../hypotheses/index.ts";
import type { EmpiricalMeasure, MeasureContext } from "../discrepancy.ts";

/** Points as rows: [n, d]. */
export function asRows({ points }: EmpiricalMeasure): Tensor {
  return points.reshape([points.shape[0]!, size(points.shape.slice(1))]);
}

/** Points as a network reads them: images [n, C, H, W] as they are, flat points as images of one line. */
export function asImages({ points }: EmpiricalMeasure): Tensor {
  return points.shape.length === 4 ? points : points.reshape([points.shape[0]!, 1, 1, size(points.shape.slice(1))]);
}

const built = perRuntime(() => new Map<string, Network>());

/**
 * The network of the hypotheses for a measure's points and classes: the context's for images, for flat points an MLP, which
 * alone admits them. One object for one shape in a runtime, so that what is compiled for it is compiled once.
 *
 * @throws AttarError "batch-normalised" for a network whose output on one point depends on the others.
 */
export function networkFor(measure: EmpiricalMeasure, context: Pick<MeasureContext, "network">): Network {
  const [, ...shape] = asImages(measure).shape as [number, number, number, number];
  const { network: wanted } = context;
  const spec: NetworkSpec = measure.points.shape.length === 4 || wanted.name === "mlp" ? wanted : mlp();
  return networkOf(spec, shape, measure.classes.length);
}

/** {@link buildNetwork}, remembered. @throws AttarError "batch-normalised" */
export function networkOf(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  const id = JSON.stringify([spec, input, classes]);
  const network = built().get(id) ?? buildNetwork(spec, input, classes);
  built().set(id, network);
  if (network.statistics)
    throw new AttarError(
      "batch-normalised",
      `${spec.name} with batch normalisation is no function of one point, so it has no mean over a measure`,
      `Use ${spec.name}:normalisation=instance.`,
    );
  return network;
}
