import type { AttackLoss, Slope, Victim } from "../../src/attacks/victim.ts";

/** A linear layer: weights [outputs, inputs] row by row, and biases. */
export interface Layer {
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
}

/** Linear layers with ReLU between them, as a plain function of pixels in float64, differentiated by hand. */
export function plainNet(layers: readonly Layer[], shape: readonly [number, number, number]): Victim {
  const classes = layers.at(-1)!.bias.length;
  const d = shape[0] * shape[1] * shape[2];
  const widths = [d, ...layers.map(({ bias }) => bias.length)];
  const values = widths.map((width) => new Float64Array(width));
  const cotangents = widths.map((width) => new Float64Array(width));
  const last = layers.length;
  const forward = (images: Float64Array, i: number): Float64Array => {
    values[0]!.set(images.subarray(i * d, (i + 1) * d));
    for (const [l, { weight, bias }] of layers.entries()) {
      const [below, own] = [values[l]!, values[l + 1]!];
      for (let o = 0; o < own.length; o++) {
        let sum = bias[o]!;
        for (let j = 0; j < below.length; j++) sum += weight[o * below.length + j]! * below[j]!;
        own[o] = l + 1 < last ? Math.max(0, sum) : sum;
      }
    }
    return values[last]!;
  };
  const backward = (): Float64Array => {
    for (let l = last; l > 0; l--) {
      const { weight } = layers[l - 1]!;
      const [own, next, below] = [cotangents[l]!, cotangents[l - 1]!, values[l - 1]!];
      next.fill(0);
      for (let o = 0; o < own.length; o++)
        for (let j = 0; j < next.length; j++) next[j]! += own[o]! * weight[o * next.length + j]!;
      if (l > 1) for (let j = 0; j < next.length; j++) if (!(below[j]! > 0)) next[j] = 0;
    }
    return cotangents[0]!;
  };
  return {
    classes,
    shape,
    async logits(images) {
      const n = images.length / d;
      const out = new Float64Array(n * classes);
      for (let i = 0; i < n; i++) out.set(forward(images, i), i * classes);
      return out;
    },
    async slope(loss, images, labels, targets = labels): Promise<Slope> {
      const n = labels.length;
      const [logits, losses] = [new Float64Array(n * classes), new Float64Array(n)];
      const gradient = new Float64Array(images.length);
      for (let i = 0; i < n; i++) {
        const own = forward(images, i);
        logits.set(own, i * classes);
        const { value, cotangent } = plainLoss(loss, own, labels[i]!, targets[i]!);
        losses[i] = value;
        cotangents[last]!.set(cotangent);
        gradient.set(backward(), i * d);
      }
      return { logits, loss: losses, gradient };
    },
  };
}

/** A loss of one row of logits, and its gradient in them. */
function plainLoss(loss: AttackLoss, z: Float64Array, y: number, t: number) {
  const cotangent = new Float64Array(z.length);
  const order = Array.from(z, (_, k) => k).sort((a, b) => z[b]! - z[a]! || a - b);
  const other = order[0] === y ? order[1]! : order[0]!;
  const quotient = (numerator: number, above: readonly number[], below: readonly (readonly [number, number])[]) => {
    const denominator = below.reduce((sum, [k, share]) => sum + share * z[k]!, 1e-12);
    cotangent[above[0]!]! += 1 / denominator;
    cotangent[above[1]!]! -= 1 / denominator;
    for (const [k, share] of below) cotangent[k]! -= (share * numerator) / denominator ** 2;
    return numerator / denominator;
  };
  const [first, , third, fourth] = order as [number, number, number, number];
  switch (loss) {
    case "cross-entropy": {
      const sum = z.reduce((total, v) => total + Math.exp(v - z[first]!), 0);
      for (let k = 0; k < z.length; k++) cotangent[k] = Math.exp(z[k]! - z[first]!) / sum - Number(k === y);
      return { value: Math.log(sum) + z[first]! - z[y]!, cotangent };
    }
    case "dlr":
      return {
        value: quotient(
          z[other]! - z[y]!,
          [other, y],
          [
            [first, 1],
            [third, -1],
          ],
        ),
        cotangent,
      };
    case "targeted-dlr":
      return {
        value: quotient(
          z[t]! - z[y]!,
          [t, y],
          [
            [first, 1],
            [third, -0.5],
            [fourth, -0.5],
          ],
        ),
        cotangent,
      };
    case "margin":
      cotangent[other]! += 1;
      cotangent[y]! -= 1;
      return { value: z[other]! - z[y]!, cotangent };
    case "difference":
      cotangent[t]! += 1;
      cotangent[y]! -= 1;
      return { value: z[t]! - z[y]!, cotangent };
  }
}
