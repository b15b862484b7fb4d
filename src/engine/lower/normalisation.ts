import type { Atom } from "../graph/graph.ts";
import { onnxTypes } from "../onnx/model.ts";
import { size } from "../tensor.ts";
import type { Rule } from "./emitter.ts";

/** The primitive that the fused normalisation pass introduces: x [n, C, H, W], weight [C], bias [C]. */
const instanceNorm: Rule = (e, node) => {
  const [x, weight, bias] = node.inputs as [Atom, Atom, Atom];
  const name = e.node("InstanceNormalization", [e.full(x), e.full(weight), e.full(bias)], {
    epsilon: { float: node.params.epsilon as number },
  });
  return [{ name, shape: node.outputs[0]!.shape }];
};

/**
 * x · s + b with s and b constant over planes, in one pass: batch normalisation with mean 0 and variance 1, every plane a
 * channel of its own where images differ.
 */
const planeAffine: Rule = (e, node) => {
  const [x, s, b] = node.inputs as [Atom, Atom, Atom];
  const { shape } = node.outputs[0]!;
  const [n, channels, h, w] = shape as [number, number, number, number];
  const stored = [s, b].map((a) => e.get(a).shape);
  const perImage = stored.some((d) => d.length === 4 && d[0] !== 1);
  const planes = perImage ? [n, channels, 1, 1] : [1, channels, 1, 1];
  const count = size(planes);
  const vector = (a: Atom): string => {
    const held = e.get(a);
    return e.reshape(size(held.shape) === count ? held.name : e.node("Expand", [held.name, e.ints(planes)]), [count]);
  };
  const fill = (value: number) => e.constant(new Float32Array(count).fill(value), [count], onnxTypes.float32);
  const image = perImage ? e.reshape(e.full(x), [1, count, h, w]) : e.full(x);
  const operands = [image, vector(s), vector(b), fill(0), fill(1)];
  const y = e.node("BatchNormalization", operands, { epsilon: { float: 0 } });
  return [{ name: perImage ? e.reshape(y, shape) : y, shape }];
};

export const normalisations: Record<string, Rule> = { instance_norm: instanceNorm, plane_affine: planeAffine };
