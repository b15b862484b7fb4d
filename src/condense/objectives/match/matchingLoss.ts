import {
  type Compiled,
  compile,
  type GroupMap,
  mapGroups,
  mapSummedGroups,
  multiplyAdds,
  type SummedGroupMap,
  size,
  Tensor,
  tensor,
  worthSummingByGroup,
} from "../../../engine/index.ts";
import type { Hypothesis, Network, Params, TracedParams } from "../../../hypotheses/index.ts";
import type { Variables } from "../../../synthetic/index.ts";
import type { AugmentationTensors } from "../../../tricks/index.ts";
import type { RealBatch } from "../../realBatch.ts";
import type { Tensors } from "../../state.ts";
import type { CurvedDirections } from "./curvature.ts";
import { type HostTree, leafwise } from "./hostTree.ts";
import {
  type Fixed,
  type FixedWithCount,
  type Group,
  type Pulled,
  pull,
  pullAfterGradients,
  type SyntheticSides,
} from "./pull.ts";
import { type BatchStatistic, type Chunks, type ForGradients, RealSide } from "./realSide.ts";
import type { TracedTerm } from "./terms.ts";

/** S as a step sees it: the shares of the classes visited. */
export interface SyntheticBatch {
  readonly variables: Variables;
  /** One-hot labels [groups, n, classes]. */
  readonly targets: Tensor;
  /** One draw a group; absent without augmentation. */
  readonly draw?: AugmentationTensors;
  /** Decoded images that enter, [groups, n] rows within their class; absent where all do. */
  readonly picked?: Tensor;
}

/** The real side of a step: sums over `each` images of `groups` classes. */
export interface RealSums {
  readonly groups: number;
  readonly each: number;
  /** True where samples are looked at one by one and never leave the reader, so that no program may sum them up itself. */
  readonly isolated?: boolean;
  sum<S>(statistic: BatchStatistic<S>): Promise<S>;
}

/** The circumstances of a step beside the two sets. */
export interface Occasion {
  readonly hypotheses: readonly Hypothesis[];
  /** Random arrays of the distances, by term. */
  readonly draws: Record<string, Tensors>;
  readonly chunks: Chunks;
  /** Stand-ins for rows of T that were made beforehand, by term: [groups, …]. */
  readonly targets?: Record<string, HostTree>;
  /** Directions of the parameters, by term. */
  readonly directions?: Record<string, CurvedDirections>;
  /** Parameters of opponents, by slot. */
  readonly opponents?: Record<string, Params>;
  /** The largest norm of a real sample's share of the sums; unknown where left out. */
  readonly sensitivity?: number;
}

/**
 * The objective of a set of terms as two compiled parts: views of T without gradient, then loss and gradient of S, the
 * classes side by side. Terms over the whole set run as one graph.
 */
export class MatchingLoss {
  readonly real: RealSide;
  private readonly classwise: readonly TracedTerm[];
  private readonly setwise: readonly TracedTerm[];
  private readonly byClass: GroupMap<Fixed, Group, Pulled>;
  private readonly byClassAfterGradients: SummedGroupMap<TracedParams, ForGradients, FixedWithCount, Group, Pulled>;
  private readonly bySet: Compiled<[Fixed, Group], Pulled>;

  private readonly colourFirst: boolean;

  /** @param sides the network that views look through, and the way from the variables to images and labels. */
  constructor(
    private readonly sides: SyntheticSides & { readonly network: Network },
    readonly terms: readonly TracedTerm[],
    colourFirst: boolean,
  ) {
    const { network } = sides;
    this.colourFirst = colourFirst;
    this.real = new RealSide(network, terms);
    this.classwise = terms.filter((t) => t.over === "class");
    this.setwise = terms.filter((t) => t.over === "set");
    const name = (own: readonly TracedTerm[]) =>
      `matching loss of ${own.map((t) => t.name).join(", ")} of ${network.spec.name}`;
    this.byClass = mapGroups(pull(this.classwise, sides, colourFirst), { name: name(this.classwise) });
    this.byClassAfterGradients = mapSummedGroups(
      (params: TracedParams, samples: ForGradients) => this.real.gradientsOf(params, samples),
      pullAfterGradients(this.classwise, sides, colourFirst),
      { name: name(this.classwise) },
    );
    this.bySet = compile(pull(this.setwise, sides, colourFirst), {
      name: `${name(this.setwise)} over the set`,
    });
  }

  /** Loss, summed over classes and terms, and its gradient in the variables. */
  async evaluate(
    synthetic: SyntheticBatch,
    { groups, each, isolated = false, sum }: RealSums,
    occasion: Occasion,
  ): Promise<{ loss: number; gradient: Variables }> {
    const [first] = occasion.hypotheses;
    const together = !isolated && this.real.gradientsByClass && (await worthSummingByGroup(groups, each));
    const { trees, summands } = await sum(
      this.real.statistic(
        first!,
        occasion.draws,
        occasion.chunks,
        together,
        occasion.sensitivity ?? Number.POSITIVE_INFINITY,
      ),
    );
    const real = { ...trees, ...occasion.targets };
    const parts: { loss: Tensor; gradient: Variables }[] = [];
    if (this.classwise.length > 0) {
      const { fixed, group } = this.arguments(this.classwise, synthetic, occasion, real, groups);
      const pulled = summands
        ? this.byClassAfterGradients(
            { fixed: first!.params, samples: summands },
            { fixed: { ...fixed, count: tensor(each) }, groups: group },
          )
        : this.byClass(fixed, group);
      parts.push(await pulled);
    }
    if (this.setwise.length > 0) {
      const { fixed, group } = this.arguments(this.setwise, synthetic, occasion, real, groups);
      parts.push(await this.bySet(fixed, group));
    }
    let loss = 0;
    for (const part of parts) for (const value of part.loss.data) loss += value;
    return { loss, gradient: this.added(parts.map((p) => p.gradient)) };
  }

  private arguments(
    terms: readonly TracedTerm[],
    { variables, targets, draw, picked }: SyntheticBatch,
    { hypotheses, draws, directions = {}, opponents = {} }: Occasion,
    real: Record<string, HostTree>,
    groups: number,
  ) {
    const own: Record<string, Tensor> = {};
    const shared: Record<string, Tensor> = {};
    for (const [name, t] of Object.entries(variables))
      if (this.sides.variables[name]!.perClass)
        own[name] = t.reshape([groups, t.shape[0]! / groups, ...t.shape.slice(1)]);
      else shared[name] = t;
    const chosen = <T>(record: Record<string, T>) =>
      Object.fromEntries(terms.flatMap(({ key }) => (record[key] ? [[key, record[key]]] : [])));
    const held = chosen(real);
    for (const { key, over, comparison, real: kind } of terms)
      if (over === "set" && comparison && held[key])
        held[key] = leafwise(held[key], (t) => (kind === "rows" ? joinedRows(t) : meanOfGroups(t)));
    const inSet = terms[0]!.over === "set";
    return {
      fixed: {
        params: hypotheses.map((h) => h.params),
        shared,
        draws: chosen(draws),
        accuracy: tensor(hypotheses[0]!.accuracy),
        directions: chosen(directions),
        opponents: Object.fromEntries(
          terms.flatMap(({ opponent }) => (opponent ? [[opponent.slot, opponents[opponent.slot]!]] : [])),
        ),
      },
      group: {
        variables: own,
        targets,
        real: held,
        ...(draw && { draw }),
        ...(picked && { picked: inSet ? offsetRows(picked, this.sides.space.imagesPerClass) : picked }),
      },
    };
  }

  /** Gradients of the parts added up; those of shared variables summed over groups as well. */
  private added(gradients: readonly Variables[]): Variables {
    return Object.fromEntries(
      Object.keys(gradients[0]!).map((name) => {
        const { perClass } = this.sides.variables[name]!;
        const [first, ...rest] = gradients.map((g) => g[name]!);
        if (perClass && rest.length === 0) return [name, first!];
        const shape = perClass ? first!.shape : first!.shape.slice(1);
        const sum = new Float32Array(size(shape));
        for (const { data } of [first!, ...rest])
          for (let i = 0; i < data.length; i++) sum[i % sum.length] = sum[i % sum.length]! + data[i]!;
        return [name, new Tensor(sum, shape, "float32")];
      }),
    );
  }

  /** Samples at a time on the real side, measured once a machine. */
  chunks(hypothesis: Hypothesis, batch: RealBatch, draws: Record<string, Tensors>): Promise<Chunks> {
    return this.real.chunks(hypothesis, batch, draws);
  }

  /** Multiply-adds of one evaluation, counted in the traced functions. */
  async multiplyAdds(synthetic: SyntheticBatch, batch: RealBatch, occasion: Occasion): Promise<number> {
    const { hypotheses, draws } = occasion;
    let count = batch.groups * batch.each * (await this.real.multiplyAdds(hypotheses[0]!, batch, draws));
    const real = { ...(await this.real.shapes(hypotheses[0]!, batch, draws)), ...occasion.targets };
    for (const [terms, times] of [
      [this.classwise, batch.groups],
      [this.setwise, 1],
    ] as const) {
      if (terms.length === 0) continue;
      const { fixed, group } = this.arguments(terms, synthetic, occasion, real, batch.groups);
      const one = times === 1 ? group : leafwise(group, (t) => t.rows(0, 1));
      count += times * (await multiplyAdds(pull(terms, this.sides, this.colourFirst), [fixed, one], "loss"));
    }
    return count;
  }

  dispose(): void {
    this.real.dispose();
    this.byClass.dispose();
    this.byClassAfterGradients.dispose();
    this.bySet.dispose();
  }
}

/** [groups, …] to [1, …], the mean. */
function meanOfGroups(t: Tensor): Tensor {
  const [groups, ...shape] = t.shape as [number, ...number[]];
  const mean = new Float32Array(size(shape));
  for (let i = 0; i < t.data.length; i++) mean[i % mean.length] = mean[i % mean.length]! + t.data[i]! / groups;
  return new Tensor(mean, [1, ...shape], "float32");
}

/** [groups, n, k] to [1, groups · n, k]. */
const joinedRows = (t: Tensor) => t.reshape([1, t.shape[0]! * t.shape[1]!, ...t.shape.slice(2)]);

/** Rows within each class as rows of all classes together. */
function offsetRows(picked: Tensor, imagesPerClass: number): Tensor {
  const n = picked.shape[1]!;
  const data = Int32Array.from(picked.data, (row, i) => row + Math.floor(i / n) * imagesPerClass);
  return new Tensor(data, picked.shape, "int32");
}
