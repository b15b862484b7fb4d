import type { Dataset } from "../../data/dataset.ts";
import { AttarError, type RandomKey, Tensor, zeros } from "../../engine/index.ts";
import {
  type Feed,
  type InnerProblem,
  type NamedTensors,
  releaseNetwork,
  type SolvedGradient,
  type Targets,
} from "../../hypotheses/index.ts";
import type { Variables } from "../../synthetic/index.ts";
import { augmentBatch, cutMix } from "../../tricks/index.ts";
import type { Configuration } from "../configuration.ts";
import { earlyLossAfter, guardLoss, guardVariables, spreadOf } from "../divergence.ts";
import { type ExpertSource, expertsInMemory, feedOf } from "../experts/expertSource.ts";
import type { CondensedImages, Loop } from "../loop.ts";
import { RealImages } from "../realImages.ts";
import type { State } from "../state.ts";
import { Decoding } from "./decoding.ts";
import { labelsName, type Setup, setup } from "./setup.ts";

/**
 * The bilevel loop: S moves so that what is trained on it does well. A step takes a hypothesis, the solver's answer to the
 * inner problem on S, what the criterion reads of it, and the derivative of that with respect to S and all that is learned
 * beside it; then the source may train its networks. What each part does is the part's; the loop knows their traits only.
 */
export class Bilevel implements Loop {
  private readonly parts: Setup;
  private readonly real: RealImages;
  private readonly decoding: Decoding;
  private readonly classOf: Int32Array;
  /** Labels of S where they are not learned. */
  private readonly fixedLabels: Tensor;
  /** What the last step's real images were written to: nothing reads them after it, and new memory of some MB takes as long as they do. */
  private realPixels?: Float32Array;

  constructor(
    private readonly dataset: Dataset,
    private readonly configuration: Configuration,
    private readonly experts: ExpertSource = expertsInMemory,
  ) {
    this.parts = setup(dataset, configuration);
    this.real = new RealImages(dataset);
    const { space, labels } = this.parts;
    const classes = dataset.classes.length;
    this.decoding = new Decoding(space, classes);
    this.classOf = Int32Array.from({ length: classes * space.imagesPerClass }, (_, i) =>
      Math.floor(i / space.imagesPerClass),
    );
    this.fixedLabels = labels.initial();
  }

  async start(signal?: AbortSignal): Promise<State> {
    const { key, space, labels, learned, update } = this.parts;
    const variables: Record<string, Tensor> = {
      ...(await space.initial(this.configuration.initialisation, key.fold("initialise"), signal)),
    };
    if (labels.learned) variables[labelsName] = labels.initial();
    for (const part of [learned.solver, learned.criterion])
      for (const [name, { initial }] of Object.entries(part)) variables[name] = initial;
    return {
      step: 0,
      variables,
      update: update.start(variables),
      hypotheses: {},
      proxy: {},
      chunks: {},
      earlyLoss: 0,
      spread: spreadOf(variables),
    };
  }

  async step(state: State): Promise<{ state: State; loss: number }> {
    const { source, space, labels, solver, update } = this.parts;
    const { step, variables } = state;
    const { loss, gradient, hypotheses, kept } = await this.lossAt(state);
    guardLoss(loss, state.earlyLoss, step);
    const standing = { step, variables, kept: state.update, active: Array.from(this.dataset.classes.keys()) };
    const moved = update.apply(standing, gradient);
    guardVariables(moved.variables, state.spread, step);
    const renewed = step + 1 === this.configuration.steps || source.position(step + 1).within === 0;
    const settled = {
      ...moved.variables,
      ...space.settle(pick(moved.variables, space.variables), renewed),
      ...(labels.learned && { [labelsName]: labels.settle(moved.variables[labelsName]!) }),
      ...solver.settle?.(pick(moved.variables, this.parts.learned.solver)),
    };
    return {
      loss,
      state: {
        ...state,
        step: step + 1,
        variables: settled,
        update: moved.kept,
        hypotheses: await source.after(step, hypotheses, kept, this.feed(settled)),
        earlyLoss: earlyLossAfter(state.earlyLoss, step, loss),
      },
    };
  }

  /** The outer loss of a step and its gradient in all variables, and the hypotheses it was taken under. */
  async lossAt({ step, variables, hypotheses: before }: Pick<State, "step" | "variables" | "hypotheses">) {
    const { key, source, needed, labels } = this.parts;
    const { hypotheses, kept } = await source.at(step, needed, before, this.feed(variables));
    const problem: InnerProblem = {
      step,
      hypothesis: hypotheses[0] ?? { params: {}, accuracy: 0 },
      beside: hypotheses.slice(1),
      data: { images: await this.decoding.images(variables), labels: this.labelsIn(variables) },
      learned: pick(variables, this.parts.learned.solver),
    };
    const { loss, gradient } = await this.evaluate(problem, variables, key.fold("real").fold(step));
    const all: Variables = {
      ...(await this.decoding.pullback(variables, gradient.images)),
      ...(labels.learned && { [labelsName]: gradient.labels }),
      ...gradient.learned,
    };
    return { loss, gradient: all, hypotheses, kept };
  }

  private async evaluate(
    problem: InnerProblem,
    variables: Variables,
    key: RandomKey,
  ): Promise<{ loss: number; gradient: SolvedGradient }> {
    const { outer, solver } = this.parts;
    if (outer.reads === "parameters") {
      if (solver.yields === "predictor") throw withoutParameters();
      const trained = await solver.solve(problem);
      const { loss, gradient } = outer.criterion.between(trained.params, problem.hypothesis);
      guardLoss(loss, 0, problem.step);
      return { loss, gradient: await trained.pullback(gradient) };
    }
    const real = await this.realBatch(key);
    const learned = pick(variables, this.parts.learned.criterion);
    let found: { loss: number; gradient: SolvedGradient };
    if (solver.yields === "network") {
      const trained = await solver.solve(problem);
      const read = await outer.ofNetwork(trained.params, real, learned);
      guardLoss(read.loss, 0, problem.step);
      const gradient = await trained.pullback(read.params);
      found = { loss: read.loss, gradient: { ...gradient, learned: { ...gradient.learned, ...read.learned } } };
    } else {
      const gradient = await solver.lossAndGradient(problem, real, learned);
      found = { loss: gradient.loss, gradient };
    }
    const own = outer.criterion.ofLabels?.(problem.data.labels);
    if (!own) return found;
    const { gradient } = found;
    return { loss: found.loss + own.loss, gradient: { ...gradient, labels: sum(gradient.labels, own.gradient) } };
  }

  async trainingSet(variables: Variables): Promise<CondensedImages> {
    const { labels, solver, learned } = this.parts;
    const rate = solver.learningRate?.(pick(variables, learned.solver));
    return {
      images: await this.decoding.images(variables),
      labels: this.classOf,
      ...(labels.learned && { softLabels: labels.published(variables[labelsName]!), loss: labels.loss }),
      ...(rate !== undefined && { learningRate: rate }),
    };
  }

  /** Of the inner problem and its derivative as the solver counts them, the outer loss, and training between steps. */
  async multiplyAdds(): Promise<number> {
    const { network, key, source, solver, outer } = this.parts;
    const { multiplyAdds } = await import("../../engine/index.ts");
    const forward = (p: never, x: never) => network.logits(p, x);
    const pass = await multiplyAdds(forward, [network.init(key), zeros([1, ...this.dataset.shape])], "forward pass");
    const real = outer.reads === "outputs" ? this.dataset.classes.length * this.configuration.realBatch : 0;
    const ofNetwork = solver.yields === "network" ? 3 * real * pass : 0;
    const trained = source.trainedImages(this.classOf.length, this.configuration.steps);
    return solver.multiplyAdds(pass, real) + ofNetwork + 3 * trained * pass;
  }

  get parameters(): number {
    const tensors = Object.values(this.parts.network.init(this.parts.key)).flatMap((layer) => Object.values(layer));
    return tensors.reduce((total, t) => total + t.data.length, 0);
  }

  get storedFloats(): number {
    return this.parts.space.storedFloats;
  }

  dispose(): void {
    this.parts.solver.dispose();
    this.parts.outer.dispose();
    this.decoding.dispose();
    this.parts.source.dispose?.();
    releaseNetwork(this.parts.network);
  }

  private labelsIn(variables: Variables): Tensor {
    return this.parts.labels.learned ? variables[labelsName]! : this.fixedLabels;
  }

  private feed(variables: Variables): Feed {
    const { augmentation, labels } = this.parts;
    return {
      real: (count, key) => this.real.sample(count, key),
      synthetic: async () => ({
        images: await this.decoding.images(variables),
        labels: labels.learned ? labels.published(variables[labelsName]!) : this.classOf,
      }),
      ...(augmentation && { augment: augmentBatch(augmentation, this.dataset.shape) }),
      experts: feedOf(this.experts, this.dataset, this.configuration.seed),
      mix: cutMix,
    };
  }

  /** Equally many images of every class, augmented each its own way. */
  private async realBatch(key: RandomKey): Promise<Targets> {
    const { augmentation } = this.parts;
    const classes = Array.from(this.dataset.classes.keys());
    const positions = classes.map((c) => this.real.random(key, c, this.configuration.realBatch));
    const { images, targets } = await this.real.batch(classes, positions, [], undefined, this.realPixels);
    this.realPixels = images.data as Float32Array;
    if (!augmentation) return { images, labels: targets };
    return { images: augmentBatch(augmentation, this.dataset.shape)(images, key.fold("augment")), labels: targets };
  }
}

const withoutParameters = () =>
  new AttarError("bad-combination", "the criterion reads parameters, and the solver has none", "see attar methods");

const pick = (variables: Variables, names: object): NamedTensors =>
  Object.fromEntries(Object.keys(names).map((name) => [name, variables[name]!]));

const sum = (a: Tensor, b: Tensor) =>
  new Tensor(
    (a.data as Float32Array).map((v, i) => v + b.data[i]!),
    a.shape,
    "float32",
  );
