import { AttarError, type RandomKey, size, Tensor } from "../../engine/index.ts";
import type { Codes, HostedGenerator } from "../../generators/index.ts";

/**
 * Codes of a layer that the mean style of each class leads to, over draws of the prior (GLaD's `avg_w`; Cazenavette et al. 2023): the image that a
 * generator of styles has of the class at large.
 *
 * @throws AttarError "bad-combination" (exit code 2) for a generator without styles, a code before them, or several images a class, which would
 *   all be one
 */
export async function meanStyles(
  { generator, sample, advance }: Pick<HostedGenerator, "generator" | "sample" | "advance">,
  labels: Int32Array,
  key: RandomKey,
  { chosen, ipc }: { readonly chosen: { readonly layer: number; readonly styles: number }; readonly ipc: number },
): Promise<Codes> {
  const { layer, styles: draws } = chosen;
  const { name } = generator.spec;
  const hasStyles = generator.layers > 0 && "ws" in generator.parts(1);
  if (!hasStyles || layer === 0 || ipc > 1)
    throw new AttarError(
      "bad-combination",
      hasStyles && layer > 0
        ? `the mean of ${draws} styles is one start a class, and S has ${ipc} images of each`
        : `a start at the mean style is of layers from 1 on of a generator of styles, not of layer ${layer} of ${name}`,
      hasStyles && layer > 0
        ? "--ipc 1, or --set synthetic.styles=1"
        : "--set synthetic.generator=style --set synthetic.layer=1",
    );
  const means: Tensor[] = [];
  for (const label of labels) {
    const { ws } = await advance(sample(new Int32Array(draws).fill(label), key.fold(label)), 1);
    means.push(meanOf(ws!));
  }
  return advance({ ws: Tensor.concat(means) }, layer);
}

/** [n, …] → their mean, [1, …]. */
function meanOf({ data, shape }: Tensor): Tensor {
  const each = size(shape.slice(1));
  const sums = new Float64Array(each);
  for (const [i, value] of data.entries()) sums[i % each] = sums[i % each]! + value;
  return new Tensor(
    Float32Array.from(sums, (sum) => sum / shape[0]!),
    [1, ...shape.slice(1)],
    "float32",
  );
}
