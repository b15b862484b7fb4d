import type { Atom } from "../graph/graph.ts";
import type { Rule } from "./emitter.ts";

/** The primitive that the normalisation pass introduces: x [n, C, H, W], weight [C], bias [C]. */
const instanceNorm: Rule = (e, node) => {
  const [x, weight, bias] = node.inputs as [Atom, Atom, Atom];
  const name = e.node("InstanceNormalization", [e.full(x), e.full(weight), e.full(bias)], {
    epsilon: { float: node.params.epsilon as number },
  });
  return [{ name, shape: node.outputs[0]!.shape }];
};

export const normalisations: Record<string, Rule> = { instance_norm: instanceNorm };
