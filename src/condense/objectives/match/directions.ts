import { type RandomKey, Tensor, tensor, zeros } from "../../../engine/index.ts";
import type { Hypothesis, Network, Params } from "../../../hypotheses/index.ts";
import type { RealBatch } from "../../realBatch.ts";
import { Curvature, type CurvedDirections, type Labelled } from "./curvature.ts";
import type { TracedTerm } from "./terms.ts";

/** Directions of the parameters that terms read in a step: found on the host, the same again in a resumed run. */
export class Directions {
  private readonly terms: readonly TracedTerm[];
  private curvature: Curvature | undefined;

  constructor(
    private readonly network: Network,
    terms: readonly TracedTerm[],
    private readonly key: RandomKey,
  ) {
    this.terms = terms.filter((t) => t.directions);
  }

  /**
   * By term.
   *
   * @param number which hypothesis it is: power iteration starts from the same vector as long as it serves.
   * @param images the real images of the step. @param synthetic the images of S as the step sees them.
   */
  async of(
    { params, subspace }: Hypothesis,
    number: number,
    images: () => Promise<RealBatch>,
    synthetic: () => Promise<Labelled>,
  ): Promise<Record<string, CurvedDirections>> {
    const out: Record<string, CurvedDirections> = {};
    for (const { key, directions } of this.terms) {
      if (directions!.along === "subspace") {
        out[key] = { vectors: subspace!, curvature: tensor(0) };
        continue;
      }
      this.curvature ??= new Curvature(this.network);
      const batch = await images();
      const real = firstOfGroups(batch, Math.min(directions!.images, batch.each));
      const start = this.key.fold(key).fold(number);
      out[key] = await this.curvature.of(params, real, await synthetic(), directions!, start);
    }
    return out;
  }

  /** Zeros of the right shapes, for counting. */
  blank(params: Params): Record<string, CurvedDirections> {
    const none = (layers: Params): Params =>
      Object.fromEntries(
        Object.entries(layers).map(([layer, own]) => [
          layer,
          Object.fromEntries(Object.entries(own).map(([name, t]) => [name, zeros([1, ...t.shape])])),
        ]),
      );
    return Object.fromEntries(
      this.terms.map(({ key, directions }) => {
        const head = directions!.along === "curvature" && directions!.layers === "head";
        return [key, { vectors: none(head ? { head: params.head! } : params), curvature: tensor(0) }];
      }),
    );
  }

  dispose(): void {
    this.curvature?.dispose();
  }
}

/** The first images of every group, which are as random as all of them. */
function firstOfGroups({ images, targets, groups, each }: RealBatch, count: number): Labelled {
  const rows = (t: Tensor) =>
    Tensor.concat(Array.from({ length: groups }, (_, g) => t.rows(g * each, g * each + count)));
  return { images: rows(images), labels: rows(targets) };
}
