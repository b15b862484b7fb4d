import { type ArtefactStore, inMemory } from "../artefacts/index.ts";
import type { CodedForm, CondensedSet } from "../data/dataset.ts";
import type { RealReader } from "../data/reader.ts";
import { multiplyAdds, Tensor, zeros } from "../engine/index.ts";
import { type Hypothesis, releaseNetwork, type TrainingLoss } from "../hypotheses/index.ts";
import {
  Decoding,
  type FittedSpec,
  type GeneratorRequest,
  givenImages,
  initialiseImages,
  type Variables,
} from "../synthetic/index.ts";
import type { Configuration } from "./configuration.ts";
import { guardLoss, guardVariables } from "./divergence.ts";
import { feedOf } from "./feed.ts";
import { fittedEncoder } from "./fittedEncoder.ts";
import { type Objective, objectiveOf } from "./objectives/index.ts";
import { type PushForward, pushForwardOf } from "./pushForward.ts";
import { type Seen, seenThrough } from "./seen.ts";
import { classesOfImages, labelsName, partnersName, pick, type Setup, seenAt, setup, spaceIn } from "./setup.ts";
import { type State, slotOf, type Tensors } from "./state.ts";
import { distinct, initialSlots, ownParts, type StatefulPart, slotsAfter } from "./stateful.ts";
import { StepChoices } from "./stepChoices.ts";
import { TeacherLabels, teacherOfLabels } from "./teacherLabels.ts";
import { trainedGenerator } from "./trainedGenerator.ts";
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
  /** The slots that the evaluation has changed. */
  readonly kept: Readonly<Record<string, Tensors>>;
}

/** The loop of a configuration, which where views look at codes encodes T first. */
export async function openLoop(
  reader: RealReader,
  configuration: Configuration,
  artefacts: ArtefactStore = inMemory,
  from?: CondensedSet,
): Promise<Loop> {
  return new Loop(reader, configuration, artefacts, from, await seenThrough(reader, configuration, artefacts));
}

/**
 * The loop that every method runs in. A step takes the hypotheses of its turn, a real batch and one augmentation a class, asks
 * the objective for its loss and gradient, updates S and all that is learned beside it, and lets the source train its
 * networks. What each part does is the part's; the loop knows their traits only, and of what a part keeps the slot's name. A step is a pure function of state and
 * configuration. Coresets have no objective and no steps: the initialisation is the rule.
 */
export class Loop {
  private readonly parts: Setup;
  /** The data space of what is published, and the way to its images: where views look at codes not that of the parts. */
  private readonly published: Pick<Setup, "space" | "decoding">;
  /** The reader of what views look at. */
  private readonly reader: RealReader;
  private readonly objective: Objective | undefined;
  private readonly update: Update;
  private readonly choices: StepChoices;
  /** The parts that own a slot of the state. */
  private readonly stateful: readonly StatefulPart[];
  private readonly labels: Int32Array;
  /** What the way into codes loses on T, where the run has gone it: known from its start on. */
  pushForward: PushForward | undefined;
  private readonly teacher: TeacherLabels | undefined;

  constructor(
    private readonly original: RealReader,
    private readonly configuration: Configuration,
    private readonly artefacts: ArtefactStore = inMemory,
    private readonly from?: CondensedSet,
    private readonly seen?: Seen,
  ) {
    const { imageLearningRate: rate, imageMomentum: momentum, steps } = configuration;
    const reader = seen?.reader ?? original;
    this.reader = reader;
    this.pushForward = seen?.pushForward;
    const own = seen && spaceIn(original.facts, configuration);
    this.parts = setup(reader.facts, configuration, own && (() => seen.space(own)));
    this.published = own ? { space: own, decoding: new Decoding(own, original.facts.classes.length) } : this.parts;
    this.labels = classesOfImages(this.parts);
    if (teacherOfLabels(configuration.labels))
      this.teacher = new TeacherLabels(artefacts, reader, reader.facts, configuration);
    this.objective = objectiveOf(this.parts, reader);
    this.choices = new StepChoices(this.parts, reader, this.objective?.augments === "class");
    const classes = reader.facts.classes.length;
    const learned = Object.entries(this.objective?.learned ?? {}).map(([name, own]) => [
      name,
      { perClass: false, rate: own.rate },
    ]);
    const variables = { ...this.parts.variables, ...Object.fromEntries(learned) };
    this.update = updateOf(configuration.update, { rate, momentum, steps, classes, variables });
    const others = [...(this.objective?.stateful ?? []), ...(reader.stateful ?? [])];
    this.stateful = distinct([...ownParts(this.update, this.parts.source), ...others]);
  }

  /** The state before the first step. Rejects where the signal is aborted. */
  async start(signal?: AbortSignal, onNote?: (note: string) => void): Promise<State> {
    const { key, space, labels, decoding } = this.parts;
    const { initialisation, selection } = this.configuration;
    const fit = (spec: FittedSpec) => fittedEncoder(this.artefacts, this.original, this.configuration, spec);
    const rule = {
      trained: async (request: GeneratorRequest) => {
        const opened = await trainedGenerator(this.artefacts, this.original, this.configuration, request);
        const read = opened.generator.encoder && !opened.standsIn && !this.configuration.privacy;
        if (read) this.pushForward = await pushForwardOf(opened, this.original);
        return opened;
      },
      ...(selection ? { ...selection, fit } : { name: initialisation }),
      ...(onNote && { onNote }),
      ...(this.from && { given: givenImages(this.from, this.original.facts) }),
    };
    const own = key.fold(this.objective ? "initialise" : "select");
    const variables: Record<string, Tensor> = { ...(await space.initial(rule, own, this.original, signal)) };
    if (partnersName in this.parts.variables) {
      const { imagesPerClass: each } = space;
      const images = await initialiseImages(this.reader, each, rule, own, signal);
      variables[partnersName] = new Tensor(images, [this.labels.length, ...this.reader.facts.shape], "float32");
    }
    if (labels.learned)
      variables[labelsName] = (await labels.start?.(() => decoding.images(variables), this.reader)) ?? labels.initial();
    for (const [name, { initial }] of Object.entries(this.objective?.learned ?? {})) variables[name] = initial;
    return { step: 0, slots: initialSlots(this.stateful, variables) };
  }

  /** @throws AttarError "diverged" (exit code 3); the given state is untouched. */
  async step(state: State): Promise<{ state: State; loss: number }> {
    const { step, slots } = state;
    const guard = slotOf(state, "guard");
    const { loss, gradient, hypotheses, kept } = await this.lossAt(state);
    guardLoss(loss, step, guard);
    const moved = this.update.apply(this.standing(state), gradient);
    guardVariables(moved.variables, guard, step);
    const variables = this.settled(moved.variables, step);
    const taken = { step, loss, hypotheses, feed: this.feed(variables) };
    const changed = { ...slots, ...kept, variables, update: moved.kept };
    return { loss, state: { step: step + 1, slots: await slotsAfter(this.stateful, taken, changed) } };
  }

  /** The loss of a step and its gradient in all variables. @throws AttarError "diverged" (exit code 3) where training on S does. */
  async lossAt(state: State): Promise<Evaluated> {
    const { source } = this.parts;
    const { slots } = state;
    const step = this.parts.occasion(state.step);
    const objective = this.objective!;
    const position = source.position(step);
    const count = objective.needs(position);
    const { hypotheses, kept } = await source.at(step, count, slotOf(state, "hypotheses"), this.feed(slots.variables));
    const kin = slotOf(state, "proxy");
    const chosen = objective.readsReal ? await this.choices.of(step, hypotheses[0], kin) : { proxy: kin };
    const found = await objective.evaluate({
      step,
      position,
      variables: seenAt(this.parts, this.update.at(this.standing(state)), step),
      active: this.parts.active(step),
      hypotheses,
      draws: this.choices.draws(step),
      slot: (name) => slotOf(state, name),
      ...("choice" in chosen && { choice: chosen.choice }),
    });
    return { ...found, hypotheses, kept: { hypotheses: kept, proxy: chosen.proxy, ...found.kept } };
  }

  /** The set that networks train on. */
  async trainingSet(variables: Variables): Promise<CondensedImages> {
    const { labels } = this.parts;
    const { space, decoding } = this.published;
    const rate = this.objective?.learningRate?.(pick(variables, this.objective.learned));
    const images = await decoding.images(this.seen ? pick(variables, space.variables) : variables);
    const taught = await this.teacher?.of(images);
    return {
      images,
      labels: this.labels,
      ...(taught && { softLabels: taught }),
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

  /** S as codes with what decodes them, where its data space has them. */
  coded(variables: Variables): { readonly form?: CodedForm } {
    const { space } = this.published;
    const { name, options } = this.configuration.synthetic;
    if (!space.form) return {};
    const own = pick(variables, space.variables);
    return { form: { space: name, options, variables: own, ...space.form, renderings: space.renderings ?? 1 } };
  }

  dispose(): void {
    this.objective?.dispose();
    this.choices.dispose();
    this.parts.decoding.dispose();
    if (this.seen) this.published.decoding.dispose();
    for (const part of this.stateful) part.dispose?.();
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

  private feed(variables: Variables) {
    return feedOf(this.parts, this.reader, this.artefacts, variables);
  }
}
