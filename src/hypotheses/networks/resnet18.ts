import { numpy as np, type Array as Traced } from "@jax-js/jax";
import type { RandomKey } from "../../engine/index.ts";
import { activations } from "../layers/activation.ts";
import { conv2d, conv2dInit } from "../layers/conv2d.ts";
import { linear, linearInit } from "../layers/linear.ts";
import { checkNormalisation, normalise, normaliseInit } from "../layers/normalise.ts";
import type { Network, NetworkSpec, Params, TracedParams } from "../network.ts";

/** ResNet-18 with the stem for small images (3×3, no pooling) and global average pooling; any input size. */
export const resnet18 = (options: { normalisation?: string } = {}): NetworkSpec => ({
  name: "resnet18",
  options: { normalisation: "instance", ...options },
});

const stages = [64, 128, 256, 512];

export function buildResNet18(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  const kind = checkNormalisation(String(spec.options.normalisation));
  const norm = (x: Traced, p: TracedParams[string] | undefined) => (kind === "none" ? x : normalise(x, p!, kind));
  const blocks = stages.flatMap((width, s) =>
    [0, 1].map((b) => ({
      name: `stage${s}block${b}`,
      width,
      from: b === 0 ? (stages[s - 1] ?? 64) : width,
      stride: s > 0 && b === 0 ? 2 : 1,
    })),
  );

  let [rows, columns] = [input[1], input[2]];
  let multiplyAdds = rows * columns * 64 * input[0] * 9;
  for (const { width, from, stride } of blocks) {
    [rows, columns] = [Math.ceil(rows / stride), Math.ceil(columns / stride)];
    multiplyAdds += rows * columns * width * (9 * (from + width) + (stride === 1 && from === width ? 0 : from));
  }

  const embed = (p: TracedParams, images: Traced): Traced => {
    let x = activations.relu(norm(conv2d(images, p.stem!, 1), p.stemNorm));
    for (const { name, width, from, stride } of blocks) {
      const shortcut =
        stride === 1 && from === width
          ? x.ref
          : norm(conv2d(x.ref, p[`${name}shortcut`]!, 0, stride), p[`${name}shortcutNorm`]);
      let y = activations.relu(norm(conv2d(x, p[`${name}conv1`]!, 1, stride), p[`${name}norm1`]));
      y = norm(conv2d(y, p[`${name}conv2`]!, 1), p[`${name}norm2`]);
      x = activations.relu(y.add(shortcut));
    }
    return np.mean(x, [2, 3]);
  };
  return {
    spec,
    input,
    classes,
    features: 512,
    multiplyAdds: multiplyAdds + 512 * classes,
    init(key: RandomKey): Params {
      const params: Params = {};
      const conv = (name: string, normName: string, from: number, to: number, kernel: number) => {
        params[name] = conv2dInit(key.fold(name), from, to, kernel, false);
        if (kind !== "none") params[normName] = normaliseInit(to);
      };
      conv("stem", "stemNorm", input[0], 64, 3);
      for (const { name, width, from, stride } of blocks) {
        conv(`${name}conv1`, `${name}norm1`, from, width, 3);
        conv(`${name}conv2`, `${name}norm2`, width, width, 3);
        if (stride !== 1 || from !== width) conv(`${name}shortcut`, `${name}shortcutNorm`, from, width, 1);
      }
      params.head = linearInit(key.fold("head"), 512, classes);
      return params;
    },
    embed,
    logits: (p, images) => linear(embed(p, images), p.head!),
  };
}
