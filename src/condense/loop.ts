import { type ArtefactStore, inMemory } from "../artefacts/index.ts";
import type { RealReader } from "../data/reader.ts";
import { multiplyAdds, type Tensor, zeros } from "../engine/index.ts";
import { type Feed, type Hypothesis, releaseNetwork, type TrainingLoss, trainingSetOf } from "../hypotheses/index.ts";
import type { FittedSpec, Variables } from "../synthetic/index.ts";
import { augmentBatch, cutMix } from "../tricks/index.ts";
import type { Configuration } from "./configuration.ts";
import { guardAfter, guardLoss, guardOf, guardVariables } from "./divergence.ts";
import { fittedEncoder } from "./fittedEncoder.ts";
import { type Objective, objectiveOf } from "./objectives/index.ts";
import { classesOfImages, labelsName, pick, type Setup, setup } from "./setup.ts";
import { type State, slotOf, type Tensors } from "./state.ts";
import { StepChoices } from "./stepChoices.ts";
import { trainedNetworks } from "./trainedNetworks.ts";
import { type Update, updateOf } from "./update.ts";

/** The set that a network trains on: images [M, C, H, W], class by class, in the training normalisation. */
export interface CondensedImages {
  readonly images: Tensor;
  /** The class of each image. */
  readonly labels: Int32Array;
  /** [M, K] where labels are learned. */
  readonly softLabels?: Tensor;
  /** The loss to train on them with; cross-entropy where left out. */
  readonly loss?: TrainingLoss;
  /** The learning rate of the network's training, where one was learned. */
  readonly learningRate?: number;
}

/** A step's loss and gradient, and what it was taken under. */
export interface Evaluated {
  readonly loss: number;
  readonly gradient: Variables;
  readonly hypotheses: readonly Hypothesis[];
  /** The slot of the source of hypotheses, and that of the proxy. */
  readonly kept: Tensors;
  readonly proxy: Tensors;
}

/**
 * The loop that every method runs in. A step takes the hypotheses of its turn, a real batch and one augmentation a class, asks
 * the objective for its loss and gradient, updates S and all that is learned beside it, and lets the source train its
 * networks. What each part does is the part's; the loop knows their traits only. A step is a pure function of state and
 * configuration. Coresets have no objective and no steps: the initialisation is the rule.
 */
export class Loop {
  private readonly parts: Setup;
  private readonly objective: Objective | undefined;
  private readonly update: Update;
  private readonly choices: StepChoices;
  private readonly labels: Int32Array;

  constructor(
    private readonly reader: RealReader,
    private readonly configuration: Configuration,
    private readonly artefacts: ArtefactStore = inMemory,
  ) {
    const { imageLearningRate: rate, imageMomentum: momentum, steps } = configuration;
    this.parts = setup(reader.facts, configuration);
    this.labels = classesOfImages(this.parts);
    this.objective = objectiveOf(this.parts, reader);
    this.choices = new StepChoices(this.parts, reader, this.objective?.augments === "class");
    const classes = reader.facts.classes.length;
    const learned = Object.entries(this.objective?.learned ?? {}).map(([name, own]) => [
      name,
      { perClass: false, rate: own.rate },
    ]);
    const variables = { ...this.parts.variables, ...Object.fromEntries(learned) };
    this.update = updateOf(configuration.update, { rate, momentum, steps, classes, variables });
  }

  /** The state before the first step. Rejects where the signal is aborted. */
  async start(signal?: AbortSignal, onNote?: (note: string) => void): Promise<State> {
    const { key, space, labels, decoding } = this.parts;
    const { initialisation, selection } = this.configuration;
    const fit = (spec: FittedSpec) => fittedEncoder(this.artefacts, this.reader, this.configuration, spec);
    const rule = { ...(selection ? { ...selection, fit } : { name: initialisation }), ...(onNote && { onNote }) };
    const variables: Record<string, Tensor> = {
      ...(await space.initial(rule, key.fold(this.objective ? "initialise" : "select"), this.reader, signal)),
    };
    if (labels.learned)
      variables[labelsName] = (await labels.start?.(() => decoding.images(variables), this.reader)) ?? labels.initial();
    for (const [name, { initial }] of Object.entries(this.objective?.learned ?? {})) variables[name] = initial;
    return { step: 0, slots: { variables, update: this.update.start(variables), guard: guardOf(variables) } };
  }

  /** @throws AttarError "diverged" (exit code 3); the given state is untouched. */
  async step(state: State): Promise<{ state: State; loss: number }> {
    const { source } = this.parts;
    const { step, slots } = state;
    const guard = slotOf(state, "guard");
    const { loss, gradient, hypotheses, kept, proxy } = await this.lossAt(state);
    guardLoss(loss, step, guard);
    const moved = this.update.apply(this.standing(state), gradient);
    guardVariables(moved.variables, guard, step);
    const variables = this.settled(moved.variables, step);
    return {
      loss,
      state: {
        step: step + 1,
        slots: {
          ...slots,
          variables,
          update: moved.kept,
          hypotheses: await source.after(step, hypotheses, kept, this.feed(variables)),
          proxy,
          guard: guardAfter(guard, step, loss),
        },
      },
    };
  }

  /** The loss of a step and its gradient in all variables. @throws AttarError "diverged" (exit code 3) where training on S does. */
  async lossAt(state: State): Promise<Evaluated> {
    const { source } = this.parts;
    const { step, slots } = state;
    const objective = this.objective!;
    const position = source.position(step);
    const count = objective.needs(position);
    const { hypotheses, kept } = await source.at(step, count, slotOf(state, "hypotheses"), this.feed(slots.variables));
    const kin = slotOf(state, "proxy");
    const chosen = objective.readsReal ? await this.choices.of(step, hypotheses[0], kin) : { proxy: kin };
    const found = await objective.evaluate({
      step,
      position,
      variables: this.update.at(this.standing(state)),
      active: this.parts.active(step),
      hypotheses,
      draws: this.choices.draws(step),
      ...("choice" in chosen && { choice: chosen.choice }),
    });
    return { ...found, hypotheses, kept, proxy: chosen.proxy };
  }

  /** The set that networks train on. */
  async trainingSet(variables: Variables): Promise<CondensedImages> {
    const { labels, decoding } = this.parts;
    const rate = this.objective?.learningRate?.(pick(variables, this.objective.learned));
    return {
      images: await decoding.images(variables),
      labels: this.labels,
      ...(labels.learned && { softLabels: labels.published(variables[labelsName]!), loss: labels.loss }),
      ...(rate !== undefined && { learningRate: rate }),
    };
  }

  /** Multiply-adds of a step: of the objective as it counts them, and of training between steps, three passes an image. */
  async multiplyAdds(): Promise<number> {
    const { network, key, source } = this.parts;
    const own = (await this.objective?.work()) ?? 0;
    const trained = source.trainedImages(this.labels.length, this.configuration.steps);
    if (trained === 0 || !this.objective) return own;
    const image = zeros([1, ...this.reader.facts.shape]);
    return own + 3 * trained * (await multiplyAdds(network.logits, [network.init(key), image], "forward pass"));
  }

  /** Numbers in one hypothesis; 0 where there is none. */
  get parameters(): number {
    if (!this.objective) return 0;
    const tensors = Object.values(this.parts.network.init(this.parts.key)).flatMap((layer) => Object.values(layer));
    return tensors.reduce((sum, t) => sum + t.data.length, 0);
  }

  /** Numbers that S is stored in, beside its labels. */
  get storedFloats(): number {
    return this.parts.space.storedFloats;
  }

  dispose(): void {
    this.objective?.dispose();
    this.choices.dispose();
    this.parts.decoding.dispose();
    this.parts.source.dispose?.();
    releaseNetwork(this.parts.network);
  }

  private standing(state: State) {
    const { step, slots } = state;
    return { step, variables: slots.variables, kept: slotOf(state, "update"), active: this.parts.active(step) };
  }

  /** The variables after a step, within the bounds of the parts they belong to. */
  private settled(variables: Variables, step: number): Variables {
    const { source, space, labels } = this.parts;
    const { objective } = this;
    const renewed = step + 1 === this.configuration.steps || source.position(step + 1).within === 0;
    return {
      ...variables,
      ...space.settle(pick(variables, space.variables), renewed),
      ...(labels.learned && { [labelsName]: labels.settle(variables[labelsName]!) }),
      ...objective?.settle?.(pick(variables, objective.learned)),
    };
  }

  private feed(variables: Variables): Feed {
    const { augmentation, decoding, labels } = this.parts;
    return {
      real: async (count, key) =>
        trainingSetOf(await this.reader.batch("training networks between steps", { count, key })),
      synthetic: async () => ({
        images: await decoding.images(variables),
        ...(labels.learned
          ? { labels: labels.published(variables[labelsName]!), loss: labels.loss }
          : { labels: this.labels }),
      }),
      ...(augmentation && { augment: augmentBatch(augmentation, this.reader.facts.shape) }),
      ...trainedNetworks(this.artefacts, this.reader, this.configuration),
      mix: cutMix,
    };
  }
}
