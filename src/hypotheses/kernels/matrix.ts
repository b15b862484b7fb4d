import type { Array as Traced } from "@jax-js/jax";
import { Tensor, tensor } from "../../engine/index.ts";
import type { Kernel } from "./kernel.ts";
import { forEachTile, type TileOptions } from "./tiles.ts";

/**
 * K(X, Y) as a host tensor [n, m], computed block by block over all cores. Under a kernel with a finite feature map every
 * point is embedded once. With `y` left out, the symmetric K(X, X).
 */
export async function kernelMatrix(
  kernel: Kernel,
  x: Tensor,
  y?: Tensor,
  options: Omit<TileOptions, "symmetric"> = {},
): Promise<Tensor> {
  const [n, m] = [x.shape[0]!, (y ?? x).shape[0]!];
  const data = new Float32Array(n * m);
  const unweighted = (points: Tensor) => ({
    points,
    weights: tensor(new Float32Array(points.shape[0]!), [points.shape[0]!, 1]),
  });
  await forEachTile(
    kernel,
    unweighted(x),
    unweighted(y ?? x),
    whole,
    ({ block }, a, b) => {
      const width = block!.shape[2]!;
      for (let i = a.start; i < a.end; i++)
        for (let j = b.start; j < b.end; j++) {
          const k = block!.data[(i - a.start) * width + j - b.start]!;
          data[i * m + j] = k;
          if (!y) data[j * m + i] = k;
        }
    },
    { ...options, symmetric: !y },
  );
  return new Tensor(data, [n, m], "float32");
}

const whole = {
  name: "blocks",
  reduce(block: Traced, u: Traced, v: Traced) {
    u.dispose();
    v.dispose();
    return { block: block.reshape([1, ...block.shape]) };
  },
};
