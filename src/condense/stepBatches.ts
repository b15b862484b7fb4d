import type { Array as Traced } from "@jax-js/jax";
import { mapSamples } from "../engine/index.ts";
import type { Hypothesis, TracedParams } from "../hypotheses/index.ts";
import { type Draw, drawAugmentation } from "../tricks/index.ts";
import { Ahead } from "./ahead.ts";
import type { RealBatch, RealImages } from "./realImages.ts";
import type { Setup } from "./setup.ts";
import type { Tensors } from "./state.ts";

/** The real batch of every step: random images of each class, or those that a proxy of T chooses (§5.3.3). */
export class StepBatches {
  private readonly embed;
  /** Random batches, the next step's made while this one's is used. */
  private readonly random = new Ahead((step, pause) => this.atRandom(step, pause));
  /** Pixels of the batches of even and of odd steps: nothing reads them after its step, and new memory takes as long as they do. */
  private readonly pixels: (Float32Array | undefined)[] = [];

  /** @param drawn whether the images of a class are augmented with its draw. */
  constructor(
    private readonly parts: Setup,
    private readonly real: RealImages,
    private readonly drawn: boolean,
  ) {
    const { network } = parts;
    this.embed = mapSamples(
      (params: TracedParams, images: Traced) => network.embed(params, images),
      `embeddings of ${network.spec.name}`,
    );
  }

  /** One augmentation for every class that the step visits, for both sides; none without augmentation by class. */
  draws(step: number): Draw[] {
    const { augmentation, key, dataset, active } = this.parts;
    if (!augmentation || !this.drawn) return [];
    const [, height, width] = dataset.shape;
    const own = key.fold("augment").fold(step);
    return active(step).map((c) => drawAugmentation(own.fold(c), augmentation, height, width));
  }

  /**
   * The batch of a step, and what the choice of it keeps.
   *
   * @param hypothesis the one that a proxy looks through: without parameters it sees the pixels themselves
   * @param kept the proxy's slot
   */
  async of(
    step: number,
    hypothesis: Hypothesis | undefined,
    kept: Tensors,
  ): Promise<{ batch: RealBatch; proxy: Tensors }> {
    const { configuration, proxy, key, active } = this.parts;
    if (!proxy) {
      const batch = await this.random.of(step);
      if (step + 1 < configuration.steps) this.random.prepare(step + 1);
      return { batch, proxy: kept };
    }
    const chosen = await proxy.choose(
      {
        step,
        key: key.fold("proxy").fold(step),
        sizes: this.real.members.map((m) => m.length),
        count: configuration.realBatch,
        embed: async (c, positions) => this.embedded(hypothesis, c, positions),
      },
      kept,
    );
    const positions = active(step).map((c) => chosen.positions!.rows(c, c + 1).data);
    return { batch: await this.real.batch(active(step), positions, this.draws(step)), proxy: chosen };
  }

  dispose(): void {
    this.embed.dispose();
    this.parts.proxy?.dispose();
  }

  private async embedded(hypothesis: Hypothesis | undefined, c: number, positions: ArrayLike<number>) {
    const images = await this.real.ofClass(c, positions);
    if (hypothesis && Object.keys(hypothesis.params).length > 0) return this.embed(hypothesis.params, images);
    return images.reshape([images.shape[0]!, images.data.length / images.shape[0]!]);
  }

  private async atRandom(step: number, pause: () => Promise<void>): Promise<RealBatch> {
    const { source, active, key, configuration } = this.parts;
    source.foresee?.(step);
    const own = key.fold("real").fold(step);
    const positions = active(step).map((c) => this.real.random(own, c, configuration.realBatch));
    const batch = await this.real.batch(active(step), positions, this.draws(step), pause, this.pixels[step % 2]);
    this.pixels[step % 2] = batch.images.data as Float32Array;
    return batch;
  }
}
