import type { RealReader, Samples, Summands } from "../../../data/reader.ts";
import { multiplyAdds, resultShapes, zeros } from "../../../engine/index.ts";
import type { Hypothesis, Params, Position, TracedParams } from "../../../hypotheses/index.ts";
import type { Variables } from "../../../synthetic/index.ts";
import { coloursFirst, drawAugmentation } from "../../../tricks/index.ts";
import { blankBatch, realBatchOf } from "../../realBatch.ts";
import { partnersName, pick, type Setup, seenAt } from "../../setup.ts";
import type { Tensors } from "../../state.ts";
import type { StatefulPart } from "../../stateful.ts";
import type { Adversary } from "../adversary.ts";
import type { Objective, StepContext } from "../objective.ts";
import { opponentIn, type RunOpponent } from "../opponents.ts";
import { Directions } from "./directions.ts";
import { MatchingLoss, type RealSums } from "./matchingLoss.ts";
import type { BatchSummands, Chunks } from "./realSide.ts";
import { Shares } from "./shares.ts";
import { StandIns } from "./standIns.ts";
import type { TracedTerm } from "./terms.ts";

type Phase = "warmup" | "main";

/** The terms of a phase, compiled. */
interface Compared {
  readonly comparison: MatchingLoss;
  readonly standIns: StandIns;
  readonly directions: Directions;
  /** Samples at a time on the real side: by rule, from a whole batch's shapes. */
  chunks?: Promise<Chunks>;
}

/** Views of S agree with views of T: Σ_terms weight · D(view(S), view(T)), and what regularises S (§5.1.4, §5.3.2). */
export class MatchObjective implements Objective {
  readonly learned = {};
  readonly readsReal = true;
  readonly augments = "class";
  readonly stateful: readonly StatefulPart[];
  private readonly shares: Shares;
  private readonly compared = new Map<Phase, Compared>();
  private readonly lengths = new Map<string, Promise<Record<string, number>>>();

  /** @param adversary of the images of T, where they are perturbed against the first hypothesis. */
  constructor(
    private readonly setup: Setup,
    private readonly terms: readonly TracedTerm[],
    private readonly reader: RealReader,
    private readonly adversary?: Adversary,
  ) {
    this.shares = new Shares(setup);
    this.stateful = terms.flatMap(({ opponent }) => (opponent ? [opponent.part] : []));
  }

  needs(position: Position): number {
    return Math.max(1, ...this.at(this.phaseAt(position)).comparison.terms.map((t) => t.hypotheses));
  }

  async evaluate({ step, position, variables, active, hypotheses, draws, choice, slot }: StepContext) {
    const phase = this.phaseAt(position);
    const { comparison, standIns, directions } = this.at(phase);
    const own = pick(variables, this.setup.variables);
    const synthetic = this.shares.batch(own, active, draws, step);
    const { facts, configuration } = this.setup;
    const shown = async (samples: Samples) =>
      this.adversary ? this.adversary.against(hypotheses[0]!.params, samples, step) : samples;
    const batchOf = async (samples: Samples) => realBatchOf(await shown(samples), active.length, facts.classes.length);
    const real: RealSums = {
      groups: active.length,
      each: "positions" in choice! ? choice.positions![0]!.length : configuration.realBatch,
      isolated: "draw" in choice!,
      sum: ({ of, summands, ...stated }) =>
        this.reader.sum(
          {
            ...stated,
            of: async (samples) => of(await batchOf(samples)),
            ...(summands && { summands: this.ofSamples(summands, shown) }),
          },
          choice!,
        ),
    };
    const images = () => this.reader.batch("the curvature of the loss", choice!).then(batchOf);
    return comparison.evaluate(synthetic, real, {
      hypotheses,
      draws: await this.draws(phase, step, active.length),
      opponents: this.opponents(({ slot: name }) => opponentIn(slot(name))),
      chunks: await this.chunks(phase, hypotheses[0]!),
      targets: await standIns.of(hypotheses[0]!, active),
      sensitivity: await this.sensitivity(comparison.terms),
      directions: await directions.of(hypotheses[0]!, position.network, images, () =>
        this.shares.seen(own, active, draws, synthetic),
      ),
    });
  }

  /** Multiply-adds of an evaluation in the main phase, counted in the traced functions. */
  async work(): Promise<number> {
    const { network, key, space, augmentation, facts, active, configuration, labels } = this.setup;
    const hypothesis = { params: network.init(key), accuracy: 0 };
    const { comparison, directions } = this.at("main");
    const visited = active(0);
    const [, height, width] = facts.shape;
    const draws = augmentation ? visited.map(() => drawAugmentation(key, augmentation, height, width)) : [];
    const initial: Variables = {
      ...(await space.initial({ name: "noise" }, key, this.reader)),
      ...(labels.learned && { labels: labels.initial() }),
      ...(partnersName in this.setup.variables && {
        [partnersName]: zeros([facts.classes.length * space.imagesPerClass, ...facts.shape]),
      }),
    };
    const needed = Math.max(1, ...comparison.terms.map((t) => t.hypotheses));
    const attacked = this.adversary
      ? 3 * this.adversary.steps * visited.length * configuration.realBatch * (await this.pass())
      : 0;
    const compared = await comparison.multiplyAdds(
      this.shares.batch(seenAt(this.setup, initial, 0), visited, draws, 0),
      blankBatch(facts, visited.length, configuration.realBatch),
      {
        hypotheses: Array.from({ length: needed }, () => hypothesis),
        draws: await this.draws("main", 0, visited.length),
        opponents: this.opponents(({ start }) => start()),
        chunks: {},
        directions: directions.blank(hypothesis.params),
        targets: await this.blankStandIns(comparison.terms, visited.length),
      },
    );
    return compared + attacked;
  }

  /** Multiply-adds of one image through the network. */
  private pass(): Promise<number> {
    const { network, key, facts } = this.setup;
    return multiplyAdds(network.logits, [network.init(key), zeros([1, ...facts.shape])], "forward pass");
  }

  dispose(): void {
    for (const { comparison, directions, standIns } of this.compared.values()) {
      comparison.dispose();
      directions.dispose();
      standIns.dispose();
    }
  }

  private phaseAt({ network, within }: Position): Phase {
    return network >= this.warmNetworks || within >= this.setup.configuration.warmup.steps ? "main" : "warmup";
  }

  /** Networks whose early steps are the warm-up: a share of all that the run sees, to the nearest whole number. */
  private get warmNetworks(): number {
    const { source, configuration } = this.setup;
    const { steps, warmup } = configuration;
    return Math.round(warmup.share * (source.position(steps - 1).network + 1));
  }

  private at(phase: Phase): Compared {
    let found = this.compared.get(phase);
    if (!found) {
      const { network, key, augmentation } = this.setup;
      const terms = this.terms.filter((t) => t.phase === "always" || t.phase === phase);
      found = {
        comparison: new MatchingLoss(this.setup, terms, augmentation !== undefined && coloursFirst(augmentation)),
        standIns: new StandIns(network, terms, this.reader, this.shares.entering, key.fold("stand-ins")),
        directions: new Directions(network, terms, key.fold("directions")),
      };
      this.compared.set(phase, found);
    }
    return found;
  }

  private chunks(phase: Phase, hypothesis: Hypothesis): Promise<Chunks> {
    const own = this.at(phase);
    const { facts, configuration } = this.setup;
    const blank = blankBatch(facts, facts.classes.length, configuration.realBatch);
    own.chunks ??= this.draws(phase, 0, facts.classes.length).then((draws) =>
      own.comparison.chunks(hypothesis, blank, draws),
    );
    return own.chunks;
  }

  /** The parameters of every opponent, by slot. */
  private opponents(paramsOf: (opponent: RunOpponent) => Params): Record<string, Params> {
    return Object.fromEntries(
      this.terms.flatMap(({ opponent }) => (opponent ? [[opponent.slot, paramsOf(opponent)]] : [])),
    );
  }

  /** Random arrays of the distances, and of opponents, in a step that visits so many classes; by term. */
  private async draws(phase: Phase, step: number, visited: number): Promise<Record<string, Tensors>> {
    const out: Record<string, Tensors> = {};
    for (const term of this.at(phase).comparison.terms) {
      if (term.opponent) out[term.key] = term.opponent.draws(step, visited * this.shares.entering);
      if (!term.comparison?.draws) continue;
      const own = this.setup.key.fold("draws").fold(step).fold(term.key);
      out[term.key] = term.comparison.draws(own, await this.lengthsOf(term));
    }
    return out;
  }

  /** The summands of a statistic of batches as those of one of samples. */
  private ofSamples<S>(
    { parts, rows, from }: BatchSummands<S>,
    shown: (samples: Samples) => Promise<Samples>,
  ): Summands<S> {
    const { facts } = this.setup;
    const blank = blankBatch(facts, 1, 1);
    return {
      parts: () => parts(blank),
      rows: async function* (samples) {
        yield* rows(realBatchOf(await shown(samples), 1, facts.classes.length));
      },
      from: (means) => from(means, blank),
    };
  }

  /** The largest norm of a real sample's share of the terms' sums: finite where every one of them is a bounded mean. */
  private async sensitivity(terms: readonly TracedTerm[]): Promise<number> {
    let squares = 0;
    for (const term of terms.filter(({ real }) => real !== "none")) {
      const { bound } = term.comparison ?? {};
      squares += term.real === "means" && bound ? bound(await this.lengthsOf(term)) ** 2 : Number.POSITIVE_INFINITY;
    }
    return Math.sqrt(squares);
  }

  /** Zeros for what stands in for rows of T, as many rows as S has: for counting. */
  private async blankStandIns(terms: readonly TracedTerm[], groups: number): Promise<Record<string, Tensors>> {
    const out: Record<string, Tensors> = {};
    for (const term of terms) {
      if (!term.comparison?.target) continue;
      const lengths = Object.entries(await this.lengthsOf(term));
      out[term.key] = Object.fromEntries(lengths.map(([name, k]) => [name, zeros([groups, this.shares.entering, k])]));
    }
    return out;
  }

  /** The length of every value of a term's view. */
  private lengthsOf(term: TracedTerm): Promise<Record<string, number>> {
    let found = this.lengths.get(term.key);
    if (!found) {
      const { network, key, facts } = this.setup;
      const values = (p: TracedParams, x: Parameters<NonNullable<TracedTerm["view"]>>[2]) => term.view!(network, p, x);
      found = resultShapes<Tensors>(values, [network.init(key), zeros([1, ...facts.shape])], term.name).then((shapes) =>
        Object.fromEntries(Object.entries(shapes).map(([name, t]) => [name, t.shape[1]!])),
      );
      this.lengths.set(term.key, found);
    }
    return found;
  }
}
