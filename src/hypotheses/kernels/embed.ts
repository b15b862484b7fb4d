import type { Array as Traced } from "@jax-js/jax";
import { type GroupMap, mapGroups, perRuntime, size, Tensor } from "../../engine/index.ts";
import type { FeatureKernel } from "./featureMap.ts";
import type { TracedTree } from "./kernel.ts";

/** Points at a time: activations of a few images stay in a core's cache. */
const usual = 16;

type Rows = GroupMap<TracedTree, Traced, Traced>;
const compiled = perRuntime(() => new Map<string, Rows>());

/**
 * φ of every point of a kernel that has a finite feature map: [n, …] → [n, F], in chunks over all cores.
 */
export async function embed(kernel: FeatureKernel, points: Tensor): Promise<Tensor> {
  let rows = compiled().get(kernel.name);
  if (!rows) {
    rows = mapGroups(
      (parameters: TracedTree, group: Traced): Traced => {
        const features = kernel.features(parameters, group.reshape(group.shape.slice(1)));
        return features.reshape([1, ...features.shape]);
      },
      { name: `features of ${kernel.name}` },
    );
    compiled().set(kernel.name, rows);
  }
  const [n, ...inner] = points.shape as [number, ...number[]];
  const chunk = kernel.chunk ?? usual;
  const whole = n - (n % chunk);
  const parts: Tensor[] = [];
  const run = async (part: Tensor, each: number) => {
    const groups = part.reshape([part.shape[0]! / each, each, ...inner]);
    parts.push(await rows(kernel.parameters as object, groups));
  };
  if (whole > 0) await run(points.rows(0, whole), chunk);
  if (n > whole) await run(points.rows(whole, n), n - whole);
  const length = parts[0]!.shape[2]!;
  const data = new Float32Array(n * length);
  parts.forEach((part, k) => {
    data.set(part.data as Float32Array, k === 0 ? 0 : data.length - size(part.shape));
  });
  return new Tensor(data, [n, length], "float32");
}
