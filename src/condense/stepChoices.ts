import type { Array as Traced } from "@jax-js/jax";
import type { ClassChoice, NumberedChoice, RealReader } from "../data/reader.ts";
import { mapSamples, size } from "../engine/index.ts";
import type { Hypothesis, TracedParams } from "../hypotheses/index.ts";
import { augmentOnHost, type Draw, drawAugmentation } from "../tricks/index.ts";
import { Ahead } from "./ahead.ts";
import type { Setup } from "./setup.ts";
import type { Tensors } from "./state.ts";

/** The real images of every step: random ones of each class, or those that a proxy of T chooses (§5.3.3). */
export class StepChoices {
  private readonly embed;
  /** Random choices, the next step's gathered while this one's is used. */
  private readonly random = new Ahead((step, pause) => this.atRandom(step, pause));
  /** Pixels of even and of odd steps: nothing reads them after their step, and new memory takes as long as they do. */
  private readonly pixels: (Float32Array | undefined)[] = [];

  /** @param drawn whether the images of a class are augmented with its draw. */
  constructor(
    private readonly parts: Setup,
    private readonly reader: RealReader,
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
    const { augmentation, key, facts, active } = this.parts;
    if (!augmentation || !this.drawn) return [];
    const [, height, width] = facts.shape;
    const own = key.fold("augment").fold(step);
    return active(step).map((c) => drawAugmentation(own.fold(c), augmentation, height, width));
  }

  /**
   * The choice of a step, and what making it keeps.
   *
   * @param hypothesis the one that a proxy looks through: without parameters it sees the pixels themselves
   * @param kept the proxy's slot
   */
  async of(
    step: number,
    hypothesis: Hypothesis | undefined,
    kept: Tensors,
  ): Promise<{ choice: ClassChoice | NumberedChoice; proxy: Tensors }> {
    const { configuration, proxy, key, active } = this.parts;
    // Which samples enter a release is drawn behind the door.
    if (configuration.privacy && !proxy) return { choice: { ...this.changed(step), draw: step }, proxy: kept };
    if (!proxy) {
      const choice = await this.random.of(step);
      if (step + 1 < configuration.steps) this.random.prepare(step + 1);
      return { choice, proxy: kept };
    }
    const chosen = await proxy.choose(
      {
        step,
        key: key.fold("proxy").fold(step),
        sizes: this.reader.sizes,
        count: configuration.realBatch,
        embed: (c, positions) => this.embedded(hypothesis, c, positions),
      },
      kept,
    );
    const positions = active(step).map((c) => chosen.positions!.rows(c, c + 1).data);
    return { choice: this.chosen(step, positions), proxy: chosen };
  }

  dispose(): void {
    this.embed.dispose();
    this.parts.proxy?.dispose();
  }

  private embedded(hypothesis: Hypothesis | undefined, c: number, positions: ArrayLike<number>) {
    const { params = {} } = hypothesis ?? {};
    const looks = Object.keys(params).length > 0;
    return this.reader.rows(
      {
        name: looks ? "embeddings" : "pixels",
        of: async ({ images }) =>
          looks
            ? this.embed(params, images)
            : images.reshape([positions.length, images.data.length / positions.length]),
      },
      { classes: [c], positions: [positions] },
    );
  }

  private async atRandom(step: number, pause: () => Promise<void>): Promise<ClassChoice> {
    const { source, active, key, configuration } = this.parts;
    source.foresee?.(step);
    const own = key.fold("real").fold(step);
    const { sizes } = this.reader;
    const positions = active(step).map((c) => own.fold(c).permutation(sizes[c]!, configuration.realBatch));
    const choice = this.chosen(step, positions, this.storage(step));
    await this.reader.prepare(choice, pause);
    return choice;
  }

  private storage(step: number): Float32Array {
    const { active, configuration, facts } = this.parts;
    const length = active(step).length * configuration.realBatch * size(facts.shape);
    const before = this.pixels[step % 2];
    const own = before?.length === length ? before : new Float32Array(length);
    this.pixels[step % 2] = own;
    return own;
  }

  private chosen(step: number, positions: readonly ArrayLike<number>[], storage?: Float32Array): ClassChoice {
    return { ...this.changed(step), positions, ...(storage && { storage }) };
  }

  /** The classes of a step, and how their samples are augmented. */
  private changed(step: number): Pick<ClassChoice, "classes" | "change"> {
    const { facts, active } = this.parts;
    const draws = this.draws(step);
    return {
      classes: active(step),
      ...(draws.length > 0 && {
        change: (images, g, into) => void augmentOnHost(images, facts.shape, [draws[g]!], into),
      }),
    };
  }
}
