import type { Array as Traced } from "@jax-js/jax";
import type { Dataset } from "../../data/dataset.ts";
import { mapSamples, resultShapes, zeros } from "../../engine/index.ts";
import {
  type Feed,
  type Hypothesis,
  type Position,
  releaseNetwork,
  type TracedParams,
} from "../../hypotheses/index.ts";
import type { Variables } from "../../synthetic/index.ts";
import { augmentBatch, coloursFirst, cutMix, type Draw, drawAugmentation } from "../../tricks/index.ts";
import type { Configuration } from "../configuration.ts";
import { Decoder } from "../decoder.ts";
import { earlyLossAfter, guardLoss, guardVariables, spreadOf } from "../divergence.ts";
import { type ExpertSource, expertsInMemory, feedOf } from "../experts/expertSource.ts";
import type { CondensedImages, Loop } from "../loop.ts";
import { type RealBatch, RealImages } from "../realImages.ts";
import type { State, Tensors } from "../state.ts";
import { Ahead } from "./ahead.ts";
import { Comparison } from "./comparison.ts";
import { Directions } from "./directions.ts";
import { type Setup, setup } from "./setup.ts";
import { Shares } from "./shares.ts";
import { StandIns } from "./standIns.ts";
import type { Term } from "./terms.ts";

/**
 * The match loop: S moves so that what hypotheses see of it agrees with what they see of T. A step takes the hypotheses of
 * its turn, one real batch and one augmentation per class, the gradient of Σ_terms weight · D(view(S), view(T)), an update
 * of S; then the source may train its networks. What each part does is the part's; the loop knows their traits only.
 */
export class Matcher implements Loop {
  private readonly parts: Setup;
  private readonly real: RealImages;
  private readonly decoder: Decoder;
  private readonly shares: Shares;
  private readonly comparisons = new Map<
    string,
    { comparison: Comparison; standIns: StandIns; directions: Directions }
  >();
  private readonly labels: Int32Array;
  private readonly lengths = new Map<string, Promise<Record<string, number>>>();
  private readonly embed;
  /** Real batches of steps that are drawn at random. */
  private readonly batches = new Ahead((step, pause) => this.randomBatch(step, pause));

  constructor(
    private readonly dataset: Dataset,
    private readonly configuration: Configuration,
    private readonly experts: ExpertSource = expertsInMemory,
  ) {
    this.parts = setup(dataset, configuration);
    this.real = new RealImages(dataset);
    const { space, network, key } = this.parts;
    const classes = dataset.classes.length;
    this.decoder = new Decoder(space, classes);
    this.shares = new Shares(dataset, space, key, this.decoder);
    this.labels = Int32Array.from({ length: classes * space.imagesPerClass }, (_, i) =>
      Math.floor(i / space.imagesPerClass),
    );
    this.embed = mapSamples(
      (params: TracedParams, images: Traced) => network.embed(params, images),
      `embeddings of ${network.spec.name}`,
    );
  }

  async start(signal?: AbortSignal): Promise<State> {
    const { key, space, update, network } = this.parts;
    const variables = await space.initial(this.configuration.initialisation, key.fold("initialise"), signal);
    const classes = this.dataset.classes.length;
    const hypothesis = { params: network.init(key), accuracy: 0 };
    const blank = this.real.blank(classes, this.configuration.realBatch);
    const chunks: Record<string, number> = {};
    for (const phase of this.phases())
      Object.assign(chunks, await this.at(phase).comparison.chunks(hypothesis, blank, await this.draws(phase, 0)));
    return {
      step: 0,
      variables,
      update: update.start(variables),
      hypotheses: {},
      proxy: {},
      chunks,
      earlyLoss: 0,
      spread: spreadOf(variables),
    };
  }

  /** @throws AttarError "diverged" (exit code 3); the given state is untouched. */
  async step(state: State): Promise<{ state: State; loss: number }> {
    const { source, space, update } = this.parts;
    const { step } = state;
    const position = source.position(step);
    const phase = this.phaseAt(position);
    const { comparison, standIns, directions } = this.at(phase);
    const needed = Math.max(1, ...comparison.terms.map((t) => t.hypotheses));
    const { hypotheses, kept } = await source.at(step, needed, state.hypotheses, this.feed(state.variables));
    const active = this.parts.active(step);
    const augment = this.augmentations(step, active);
    const { batch, proxy } = await this.realBatch(state, active, augment, hypotheses[0]!);
    const standing = { step, variables: state.variables, kept: state.update, active };
    const variables = update.at(standing);
    const synthetic = this.shares.batch(variables, active, augment, step);
    const { loss, gradient } = await comparison.evaluate(synthetic, batch, {
      hypotheses,
      draws: await this.draws(phase, step),
      chunks: state.chunks,
      targets: await standIns.of(hypotheses[0]!, active),
      directions: await directions.of(hypotheses[0]!, position.network, batch, () =>
        this.shares.seen(variables, active, augment, synthetic),
      ),
    });
    guardLoss(loss, state.earlyLoss, step);
    const moved = update.apply(standing, gradient);
    guardVariables(moved.variables, state.spread, step);
    const renewed = step + 1 === this.configuration.steps || source.position(step + 1).within === 0;
    const settled = space.settle(moved.variables, renewed);
    return {
      loss,
      state: {
        ...state,
        step: step + 1,
        variables: settled,
        update: moved.kept,
        hypotheses: await source.after(step, hypotheses, kept, this.feed(settled)),
        proxy,
        earlyLoss: earlyLossAfter(state.earlyLoss, step, loss),
      },
    };
  }

  /** What networks train on: images [classes · n, C, H, W], class-major, and their labels. */
  async trainingSet(variables: Variables): Promise<CondensedImages> {
    return { images: await this.decoder.images(variables), labels: this.labels };
  }

  /** Multiply-adds of a step: of the objective, counted in the traced functions, and of training, three passes an image. */
  async multiplyAdds(): Promise<number> {
    const { network, key, space, source } = this.parts;
    const hypothesis = { params: network.init(key), accuracy: 0 };
    const active = this.parts.active(0);
    const phase = this.phases().at(-1)!;
    const { comparison, directions } = this.at(phase);
    const batch = this.real.blank(active.length, this.configuration.realBatch);
    const augment = this.augmentations(0, active);
    const initial = await space.initial("noise", key);
    const needed = Math.max(1, ...comparison.terms.map((t) => t.hypotheses));
    const one = await comparison.multiplyAdds(this.shares.batch(initial, active, augment, 0), batch, {
      hypotheses: Array.from({ length: needed }, () => hypothesis),
      draws: await this.draws(phase, 0),
      chunks: {},
      directions: directions.blank(hypothesis.params),
      targets: await this.blankStandIns(comparison.terms, active.length),
    });
    const trained = source.trainedImages(this.labels.length, this.configuration.steps);
    if (trained === 0) return one;
    const { multiplyAdds } = await import("../../engine/index.ts");
    const image = zeros([1, ...this.dataset.shape]);
    const forward = (p: never, x: never) => network.logits(p, x);
    return one + 3 * trained * (await multiplyAdds(forward, [hypothesis.params, image], "forward pass"));
  }

  /** Numbers in one hypothesis. */
  get parameters(): number {
    const tensors = Object.values(this.parts.network.init(this.parts.key)).flatMap((layer) => Object.values(layer));
    return tensors.reduce((sum, t) => sum + t.data.length, 0);
  }

  get storedFloats(): number {
    return this.parts.space.storedFloats;
  }

  dispose(): void {
    for (const { comparison, directions, standIns } of this.comparisons.values()) {
      comparison.dispose();
      directions.dispose();
      standIns.dispose();
    }
    this.decoder.dispose();
    this.embed.dispose();
    this.parts.proxy?.dispose();
    this.parts.source.dispose?.();
    releaseNetwork(this.parts.network);
  }

  private phaseAt({ network, within }: Position): string {
    return network >= this.warmNetworks || within >= this.configuration.warmup.steps ? "main" : "warmup";
  }

  private phases(): string[] {
    return this.warmNetworks > 0 ? ["warmup", "main"] : ["main"];
  }

  /** Networks whose early steps are the warm-up: a share of all that the run sees, to the nearest whole number. */
  private get warmNetworks(): number {
    const { steps, warmup } = this.configuration;
    return Math.round(warmup.share * (this.parts.source.position(steps - 1).network + 1));
  }

  private at(phase: string) {
    let found = this.comparisons.get(phase);
    if (!found) {
      const { network, space, key, augmentation } = this.parts;
      const terms = this.parts.terms.filter((t) => t.phase === "always" || t.phase === phase);
      found = {
        comparison: new Comparison(network, terms, space, augmentation !== undefined && coloursFirst(augmentation)),
        standIns: new StandIns(network, terms, this.real, this.shares.entering, key.fold("stand-ins")),
        directions: new Directions(network, terms, key.fold("directions")),
      };
      this.comparisons.set(phase, found);
    }
    return found;
  }

  private feed(variables: Variables): Feed {
    const { augmentation } = this.parts;
    return {
      real: (count, key) => this.real.sample(count, key),
      synthetic: () => this.trainingSet(variables),
      ...(augmentation && { augment: augmentBatch(augmentation, this.dataset.shape) }),
      experts: feedOf(this.experts, this.dataset, this.configuration.seed),
      mix: cutMix,
    };
  }

  /** One draw for every class that the step visits, for both sides; none without augmentation. */
  private augmentations(step: number, active: readonly number[]): Draw[] {
    const { augmentation, key } = this.parts;
    const [, height, width] = this.dataset.shape;
    const own = key.fold("augment").fold(step);
    return augmentation ? active.map((c) => drawAugmentation(own.fold(c), augmentation, height, width)) : [];
  }

  /** The real batch of a step where no trick chooses it, after the step's hypotheses, if they are known. */
  private randomBatch(step: number, pause: () => Promise<void>): Promise<RealBatch> {
    this.parts.source.foresee?.(step);
    const active = this.parts.active(step);
    const own = this.parts.key.fold("real").fold(step);
    const positions = active.map((c) => this.real.random(own, c, this.configuration.realBatch));
    return this.real.batch(active, positions, this.augmentations(step, active), pause);
  }

  /** The real batch, and what the choice of it keeps. A random one of the next step is made while this one is computed. */
  private async realBatch(
    state: State,
    active: readonly number[],
    augment: readonly Draw[],
    hypothesis: Hypothesis,
  ): Promise<{ batch: RealBatch; proxy: Tensors }> {
    const { key, proxy } = this.parts;
    const { realBatch } = this.configuration;
    const { step } = state;
    if (!proxy) {
      const batch = await this.batches.of(step);
      if (step + 1 < this.configuration.steps) this.batches.prepare(step + 1);
      return { batch, proxy: state.proxy };
    }
    const kept = await proxy.choose(
      {
        step,
        key: key.fold("proxy").fold(step),
        sizes: this.real.members.map((m) => m.length),
        count: realBatch,
        embed: async (c, positions) => this.embed(hypothesis.params, await this.real.ofClass(c, positions)),
      },
      state.proxy,
    );
    const positions = active.map((c) => kept.positions!.rows(c, c + 1).data);
    return { batch: await this.real.batch(active, positions, augment), proxy: kept };
  }

  /** Random arrays of the distances in a step. */
  private async draws(phase: string, step: number): Promise<Record<string, Tensors>> {
    const out: Record<string, Tensors> = {};
    for (const term of this.at(phase).comparison.terms) {
      if (!term.comparison?.draws) continue;
      const own = this.parts.key.fold("draws").fold(step).fold(term.key);
      out[term.key] = term.comparison.draws(own, await this.lengthsOf(term));
    }
    return out;
  }

  /** Zeros for what stands in for rows of T, as many rows as S has: for counting. */
  private async blankStandIns(terms: readonly Term[], groups: number): Promise<Record<string, Tensors>> {
    const out: Record<string, Tensors> = {};
    for (const term of terms) {
      if (!term.comparison?.target) continue;
      const lengths = Object.entries(await this.lengthsOf(term));
      out[term.key] = Object.fromEntries(lengths.map(([name, k]) => [name, zeros([groups, this.shares.entering, k])]));
    }
    return out;
  }

  /** Length of every value of a term's view. */
  private lengthsOf(term: Term): Promise<Record<string, number>> {
    let found = this.lengths.get(term.key);
    if (!found) {
      const { network, key } = this.parts;
      const values = (p: never, x: never) => term.view!(network, p, x);
      found = resultShapes<Tensors>(values, [network.init(key), zeros([1, ...this.dataset.shape])], term.name).then(
        (shapes) => Object.fromEntries(Object.entries(shapes).map(([name, t]) => [name, t.shape[1]!])),
      );
      this.lengths.set(term.key, found);
    }
    return found;
  }
}
