import type { ClassChoice, RealReader, Samples } from "../../../data/reader.ts";
import { criterionNamed } from "../../../discrepancies/index.ts";
import { AttarError, multiplyAdds, type Tensor, zeros } from "../../../engine/index.ts";
import {
  type InnerProblem,
  type Learned,
  type NamedTensors,
  type NetworkSolver,
  oneHot,
  type Params,
  type Perturbed,
  type PredictorSolver,
  type SolvedGradient,
  solverNamed,
  type Targets,
} from "../../../hypotheses/index.ts";
import type { Variables } from "../../../synthetic/index.ts";
import { augmentBatch } from "../../../tricks/index.ts";
import { guardLoss } from "../../divergence.ts";
import { labelsName, pick, type Setup } from "../../setup.ts";
import type { StatefulPart } from "../../stateful.ts";
import type { Adversary } from "../adversary.ts";
import { shares } from "../match/shares.ts";
import type { Objective, StepContext } from "../objective.ts";
import { sumByName } from "../summed.ts";
import { innerAugmentation } from "./innerAugmentation.ts";
import { type Outer, outerOf } from "./outer.ts";

/**
 * The objective of solving: what is trained on S is to do well. A solver's answer to the inner problem on S, what a
 * criterion reads of it, and the derivative of that in S and all that is learned beside it (§3, §5.2); and what regularises
 * S.
 */
export class SolveObjective implements Objective {
  readonly learned: Readonly<Record<string, Learned>>;
  readonly readsReal: boolean;
  readonly augments = "image";
  private readonly solver: NetworkSolver | PredictorSolver;
  private readonly outer: Outer;
  private readonly own: { readonly solver: Record<string, Learned>; readonly criterion: Record<string, Learned> };
  private readonly count: number;
  /** The labels of S where they are not learned. */
  private readonly fixedLabels: Tensor;

  /**
   * @param regularising added terms, which see S through the hypothesis that the solver starts from
   * @param adversary of the images of T, where they are perturbed against what was trained on S
   */
  constructor(
    private readonly setup: Setup,
    private readonly reader: RealReader,
    private readonly regularising: Objective | undefined,
    private readonly adversary?: Adversary,
  ) {
    const { configuration, network, facts, space, labels, key, augmentation } = setup;
    const [solver, criterion] = [configuration.solver!, configuration.criterion!];
    const kind = solverNamed(solver.name);
    this.outer = outerOf(criterionNamed(criterion.name), criterion.options, network);
    this.solver = kind.make(solver.options, {
      network,
      classes: facts.classes.length,
      imagesPerClass: space.imagesPerClass,
      ...(space.renderings !== undefined && { renderings: space.renderings }),
      key: key.fold("solver"),
      ...(augmentation && { augment: innerAugmentation(augmentation, facts.shape) }),
      labels: labels.read,
      ...(this.outer.reads === "outputs" && { loss: this.outer.criterion.loss }),
    });
    this.own = {
      solver: { ...this.solver.learned },
      criterion: this.outer.reads === "outputs" ? { ...this.outer.criterion.learned } : {},
    };
    const taken = [setup.variables, this.own.solver, this.own.criterion].flatMap((part) => Object.keys(part));
    for (const [i, name] of taken.entries()) if (taken.indexOf(name) < i) throw twice(name);
    this.learned = { ...this.own.solver, ...this.own.criterion };
    // A choice of real images looks through the first one, whatever the solver does.
    this.count = Math.max(1, kind.hypotheses?.(solver.options) ?? 1);
    this.fixedLabels = labels.initial();
    this.readsReal = this.outer.reads === "outputs" || (regularising?.readsReal ?? false);
  }

  needs(position: StepContext["position"]): number {
    return Math.max(this.count, this.regularising?.needs(position) ?? 0);
  }

  async evaluate(step: StepContext): Promise<{ loss: number; gradient: Variables }> {
    const { labels, decoding } = this.setup;
    const { variables, hypotheses } = step;
    const problem: InnerProblem = {
      step: step.step,
      hypothesis: hypotheses[0] ?? { params: {}, accuracy: 0 },
      beside: hypotheses.slice(1, this.count),
      data: {
        images: await decoding.images(variables),
        labels: labels.learned ? variables[labelsName]! : this.fixedLabels,
      },
      learned: pick(variables, this.own.solver),
    };
    const { loss, gradient: solved } = await this.solved(problem, variables, step.choice);
    const all: Variables = {
      ...(await decoding.pullback(variables, solved.images)),
      ...(labels.learned && { [labelsName]: solved.labels }),
      ...solved.learned,
    };
    const gradient = this.visited(all, step.active);
    if (!this.regularising) return { loss, gradient };
    const added = await this.regularising.evaluate(step);
    return { loss: loss + added.loss, gradient: sumByName(gradient, added.gradient) };
  }

  get stateful(): readonly StatefulPart[] {
    return this.regularising?.stateful ?? [];
  }

  settle(learned: NamedTensors): NamedTensors {
    return this.solver.settle?.(pick(learned, this.own.solver)) ?? {};
  }

  learningRate(learned: NamedTensors): number | undefined {
    return this.solver.learningRate?.(pick(learned, this.own.solver));
  }

  /** Multiply-adds of the inner problem and its derivative as the solver counts them, of the outer loss, and of added terms. */
  async work(): Promise<number> {
    const { network, key, facts, configuration } = this.setup;
    const image = zeros([1, ...facts.shape]);
    const pass = await multiplyAdds(network.logits, [network.init(key), image], "forward pass");
    const real = this.outer.reads === "outputs" ? facts.classes.length * configuration.realBatch : 0;
    const looks = (this.solver.yields === "network" ? 1 : 0) + (this.adversary?.steps ?? 0);
    const ofNetwork = 3 * looks * real * pass;
    return this.solver.multiplyAdds(pass, real) + ofNetwork + ((await this.regularising?.work()) ?? 0);
  }

  dispose(): void {
    this.solver.dispose();
    this.outer.dispose();
    this.regularising?.dispose();
  }

  private async solved(
    problem: InnerProblem,
    variables: Variables,
    choice: ClassChoice | undefined,
  ): Promise<{ loss: number; gradient: SolvedGradient }> {
    const { outer, solver } = this;
    if (outer.reads === "parameters") {
      if (solver.yields === "predictor") throw withoutParameters();
      const trained = await solver.solve(problem);
      const { loss, gradient } = outer.criterion.between(trained.params, problem.hypothesis);
      guardLoss(loss, problem.step);
      return { loss, gradient: await trained.pullback(gradient) };
    }
    const seen = (samples: Samples) => this.augmented(samples, problem.step);
    const learned = pick(variables, this.own.criterion);
    let found: { loss: number; gradient: SolvedGradient };
    if (solver.yields === "network") {
      const trained = await solver.solve(problem);
      const read = await this.reader.sum(
        {
          name: `the ${this.setup.configuration.criterion!.name} of a network`,
          sensitivity: Number.POSITIVE_INFINITY,
          of: async (samples) =>
            outer.ofNetwork(
              trained.params,
              await this.worst(trained.params, seen(samples), samples, problem.step),
              learned,
            ),
        },
        choice!,
      );
      guardLoss(read.loss, problem.step);
      const gradient = await trained.pullback(read.params);
      found = { loss: read.loss, gradient: { ...gradient, learned: { ...gradient.learned, ...read.learned } } };
    } else {
      const samples = await this.reader.batch("the outer loss of a predictor", choice!);
      const gradient = await solver.lossAndGradient(problem, seen(samples), learned, this.perturbed(problem.step));
      found = { loss: gradient.loss, gradient };
    }
    const ofLabels = outer.criterion.ofLabels?.(problem.data.labels);
    if (!ofLabels) return found;
    const { gradient } = found;
    return {
      loss: found.loss + ofLabels.loss,
      gradient: { ...gradient, labels: gradient.labels.plus(ofLabels.gradient) },
    };
  }

  /** Images of T perturbed against a network that was trained on S, where there is an adversary. */
  private async worst(params: Params, real: Targets, samples: Samples, step: number): Promise<Targets> {
    if (!this.adversary) return real;
    const { images } = await this.adversary.against(params, { ...samples, images: real.images }, step);
    return { ...real, images };
  }

  /** The same against a predictor, up the criterion's own loss. */
  private perturbed(step: number): Perturbed | undefined {
    const { adversary } = this;
    return adversary && (async (real, slope) => ({ ...real, images: await adversary.up(slope, real.images, step) }));
  }

  /** The gradient in the shares of the classes visited: the others rest, though all of S is trained on. */
  private visited(gradient: Variables, active: readonly number[]): Variables {
    const { variables, facts } = this.setup;
    const classes = facts.classes.length;
    if (active.length === classes) return gradient;
    return Object.fromEntries(
      Object.entries(gradient).map(([name, t]) => [name, variables[name]?.perClass ? shares(t, active, classes) : t]),
    );
  }

  /** Real images with one-hot labels or numbers to predict, augmented each its own way. */
  private augmented(samples: Samples, step: number): Targets {
    const { augmentation, key, facts } = this.setup;
    const { images } = samples;
    const labels = samples.values ?? oneHot(samples.labels, facts.classes.length);
    if (!augmentation) return { images, labels };
    const own = key.fold("real").fold(step).fold("augment");
    return { images: augmentBatch(augmentation, facts.shape)(images, own), labels };
  }
}

const withoutParameters = () =>
  new AttarError("bad-combination", "the criterion reads parameters, and the solver has none", "see attar methods");

const twice = (name: string) =>
  new AttarError("bad-combination", `two things that are learned are named "${name}"`, "rename one of them");
