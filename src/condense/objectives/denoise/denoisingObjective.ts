import type { Array as Traced } from "@jax-js/jax";
import type { RealReader } from "../../../data/reader.ts";
import {
  type Compiled,
  compile,
  multiplyAdds,
  resolveOptions,
  size,
  type Tensor,
  type Tensors,
  valueAndGradient,
  zeros,
} from "../../../engine/index.ts";
import type { Denoising } from "../../../generators/index.ts";
import { oneHot, type Params, type TracedParams } from "../../../hypotheses/index.ts";
import type { Variables } from "../../../synthetic/index.ts";
import { diversityOf, representativeOf, trickNamed } from "../../../tricks/index.ts";
import type { Setup } from "../../setup.ts";
import type { StatefulPart } from "../../stateful.ts";
import type { Objective, StepContext } from "../objective.ts";
import { emptyMemory, pushedTo, remembered } from "./memory.ts";

type Given = {
  held: TracedParams;
  images: Traced;
  labels: Traced;
  draws: { [name: string]: Traced };
  memory: { real: Traced; made: Traced; filled: Traced };
};
type Pulled = { loss: Traced; gradient: TracedParams; latents: Traced; estimates: Traced };

const slot = "memory";

/**
 * The diffusion model in whose codes S lives goes on learning (Gu et al. 2024): the denoising loss of a batch of T, and what holds the model's
 * estimates of latents near those of T that each class remembers and far from earlier ones. Memories are read before the batch enters them.
 */
export class DenoisingObjective implements Objective {
  readonly learned = {};
  readonly readsReal = true;
  readonly augments = "image";
  readonly stateful: readonly StatefulPart[];
  private readonly pull: Compiled<[TracedParams, Given], Pulled>;
  private readonly rows: number;
  private readonly numbers: number;

  constructor(
    private readonly setup: Setup,
    private readonly reader: RealReader,
    private readonly denoising: Denoising,
    { weight, representative, diversity, memory, reduce }: DenoisingOptions,
  ) {
    const classes = setup.facts.classes.length;
    this.rows = memory;
    this.numbers = size(denoising.latent);
    const empty = () => emptyMemory({ classes, rows: this.rows, numbers: this.numbers });
    this.stateful = [{ slot, initial: empty }];
    const loss = (
      params: TracedParams,
      { held, images, labels, draws, memory: kept }: Given,
    ): [Traced, Omit<Pulled, "loss" | "gradient">] => {
      const { real, made, filled } = kept;
      const groups = filled.shape[0]!;
      const found = denoising.loss(joined(held, params), { images, labels, draws });
      const flat = (x: Traced) => x.reshape([-1, this.numbers]);
      const grouped = () => found.estimates.ref.reshape([groups, -1, this.numbers]);
      let total = found.loss;
      const terms = [
        [representative, representativeOf, real],
        [diversity, diversityOf, made],
      ] as const;
      for (const [share, term, rows] of terms) {
        if (share === 0) {
          rows.dispose();
          continue;
        }
        const value = term({ estimates: grouped(), memory: rows, filled: filled.ref }, reduce);
        total = total.add(value.mul(share));
      }
      filled.dispose();
      return [total.mul(weight), { latents: flat(found.latents), estimates: flat(found.estimates) }];
    };
    this.pull = compile(
      (params: TracedParams, given: Given): Pulled => {
        const [[value, beside], gradient] = valueAndGradient((p: TracedParams) => loss(p, given))(params);
        return { loss: value, gradient, ...beside };
      },
      { name: "denoising loss of the generator" },
    );
  }

  needs(): number {
    return 1;
  }

  async evaluate({ step, variables, active, choice, slot: slotOf }: StepContext) {
    const { images, labels } = await this.reader.batch("fine-tuning a generator", choice!);
    const { key, facts } = this.setup;
    const n = labels.length;
    const kept = slotOf(slot);
    const { moving, held } = this.weights(variables);
    const found = await this.pull(moving, {
      held,
      images,
      labels: oneHot(labels, facts.classes.length),
      draws: this.denoising.draws(n, key.fold("denoising").fold(step)),
      memory: memoryOf(remembered(kept, active)),
    });
    return {
      loss: found.loss.item(),
      gradient: this.named(found.gradient, variables, active.length),
      kept: { [slot]: pushedTo(kept, active, found.latents, found.estimates) },
    };
  }

  async work(): Promise<number> {
    const { facts, configuration, active, key } = this.setup;
    const visited = active(0).length;
    const n = visited * configuration.realBatch;
    const { made } = this.setup.space.generator!;
    const all = made.init(key);
    const params = Object.fromEntries(this.denoising.reads.map((layer) => [layer, all[layer]!]));
    const loss = (p: TracedParams, images: Traced, labels: Traced, draws: { [name: string]: Traced }) => {
      const { loss: value, latents, estimates } = this.denoising.loss(p, { images, labels, draws });
      for (const unread of [latents, estimates]) unread.dispose();
      return value;
    };
    const labels = zeros([n, facts.classes.length]);
    const given = [params, zeros([n, ...facts.shape]), labels, this.denoising.draws(n, key)] as const;
    return 3 * (await multiplyAdds(loss, [...given], "denoising loss"));
  }

  dispose(): void {
    this.pull.dispose();
  }

  /** The layers that the loss reads, those of their parameters that move apart from the others. */
  private weights(variables: Variables): { moving: Params; held: Params } {
    const { weightName } = this.setup.space.generator!;
    const [moving, held]: [Params, Params] = [{}, {}];
    for (const layer of this.denoising.reads)
      for (const name of Object.keys(this.setup.space.generator!.made.shapes[layer]!)) {
        const path = weightName(layer, name);
        const side = this.setup.variables[path]?.frozen ? held : moving;
        side[layer] = { ...side[layer], [name]: variables[path]! };
      }
    return { moving, held };
  }

  /** The gradient by the names of variables; 0 in those that the loss does not read. */
  private named(gradient: Params, variables: Variables, visited: number): Variables {
    const { weightName } = this.setup.space.generator!;
    const found: Record<string, Tensor> = {};
    for (const [layer, own] of Object.entries(gradient))
      for (const [name, value] of Object.entries(own)) found[weightName(layer, name)] = value;
    const classes = this.setup.facts.classes.length;
    for (const [name, { frozen, perClass }] of Object.entries(this.setup.variables)) {
      if (frozen || found[name]) continue;
      const { shape } = variables[name]!;
      found[name] = zeros(perClass ? [(shape[0]! / classes) * visited, ...shape.slice(1)] : shape);
    }
    return found;
  }
}

type DenoisingOptions = {
  readonly weight: number;
  readonly representative: number;
  readonly diversity: number;
  readonly memory: number;
  readonly reduce: "all" | "each";
};

/** The parameters of two trees whose layers may be the same. */
const joined = (a: TracedParams, b: TracedParams): TracedParams =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((layer) => [layer, { ...a[layer], ...b[layer] }]),
  );

const memoryOf = ({ real, made, filled }: Tensors) => ({ real: real!, made: made!, filled: filled! });

/** The denoising objective of a configuration that has the trick; undefined of any other. */
export function denoisingOf(setup: Setup, reader: RealReader): DenoisingObjective | undefined {
  const { configuration, space } = setup;
  const denoising = space.generator?.made.denoising;
  for (const { name, options } of configuration.tricks) {
    const trick = trickNamed(name);
    if (trick.kind === "denoising" && denoising)
      return new DenoisingObjective(
        setup,
        reader,
        denoising,
        resolveOptions(`trick "${name}"`, trick.options, options),
      );
  }
  return undefined;
}
