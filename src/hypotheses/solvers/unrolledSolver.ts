import { choice, integer, number, type RandomKey, type Resolved, Tensor, work } from "../../engine/index.ts";
import type { Params } from "../network.ts";
import { innerAdam, innerSgd } from "../optimizers/index.ts";
import { crossEntropyOf, type NamedTensors, squaredErrorOf } from "./innerLoss.ts";
import { paramsOf, vectorOf } from "./parameterVector.ts";
import {
  declareSolver,
  type InnerProblem,
  type Learned,
  type NetworkSolver,
  type SolvedGradient,
  type SolverContext,
  type TrainedNetwork,
} from "./solver.ts";
import { truncated } from "./truncation.ts";
import { type InnerSchedule, type InnerStep, type TrajectoryGradient, unrolled } from "./unroll.ts";

const training = {
  steps: integer(20, 1, undefined, "steps of training on S"),
  batch: integer(0, 0, undefined, "images of each class in such a step; 0 for all"),
  order: choice("fixed", ["fixed", "random"], "whether batches take turns in a fixed order or are drawn at random"),
  loss: choice("cross-entropy", ["cross-entropy", "squared-error"], "that is trained on"),
  learningRate: number(0.02, 0, undefined, "of training on S, at the start where it is learned"),
  rates: choice("fixed", ["fixed", "shared", "each"], "whether it is learned: one for all steps, or one for each"),
  form: choice("softplus", ["softplus", "plain"], "what is learned: η = log(1 + eʳ), or η itself, kept above 1e-6"),
  rateFactor: number(1, 0, undefined, "on the learning rate of the images, for that of the learned rate"),
};
const momenta = {
  momentum: number(0, 0, 0.999, "of SGD"),
  weightDecay: number(0, 0, undefined, "of training on S"),
};
const optimizers = {
  optimizer: choice("sgd", ["sgd", "adam"], "that trains on S; differentiated", {
    adam: work("D. P. Kingma and J. Ba", 2015, "Adam: A Method for Stochastic Optimization", "ICLR"),
  }),
  ...momenta,
};

/** Training by SGD or Adam, differentiated through all of its steps (BPTT; §5.1.1). */
export const unrolledSolver = declareSolver({
  yields: "network",
  title: "training on S, backpropagation through all of it",
  reference: "§5.1.1",
  citation: work("T. Wang, J.-Y. Zhu, A. Torralba and A. A. Efros", 2018, "Dataset Distillation", "arXiv 1811.10959"),
  values: { loss: "squared-error" },
  options: { ...training, ...optimizers },
  make: (options, context) => trainingSolver(options, context, { schedule: () => ({ steps: options.steps }) }),
});

/** The same, differentiated through a window of its steps that may be drawn at random (RaT-BPTT; Feng et al. 2024). */
export const truncatedSolver = declareSolver({
  yields: "network",
  title: "training on S, backpropagation through a window of it",
  reference: "§5.1.1, truncated backpropagation",
  citation: work(
    "R. J. Williams and J. Peng",
    1990,
    "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories",
    "Neural Computation 2(4):490–501",
  ),
  values: { loss: "squared-error" },
  options: {
    ...training,
    ...optimizers,
    window: integer(10, 1, undefined, "last steps that are differentiated"),
    ends: choice(
      "random",
      ["end", "forward", "random"],
      "where the window ends: after the last step, moving on, anywhere",
      {
        random: work(
          "Y. Feng, S. R. Vedantam and J. Kempe",
          2024,
          "Embarrassingly Simple Dataset Distillation",
          "ICLR",
        ),
      },
    ),
    redraw: integer(10, 1, undefined, "outer steps that each draw of the window serves"),
  },
  make(options, context) {
    const { steps: total, window, redraw } = options;
    const kind = options.ends;
    const own = context.key.fold("window");
    return trainingSolver(options, context, {
      schedule(step) {
        const turn = Math.floor(step / redraw);
        return truncated({ kind, window: Math.min(window, total), total: total }, own.fold(turn), turn);
      },
    });
  },
});

/** Plain SGD whose parameters are held fixed in the derivative: memory does not grow with its steps (Cui et al. 2023). */
export const detachedSolver = declareSolver({
  yields: "network",
  title: "training on S, each step differentiated alone",
  reference: "§5.1.3",
  citation: work(
    "J. Cui, R. Wang, S. Si and C.-J. Hsieh",
    2023,
    "Scaling Up Dataset Distillation to ImageNet-1K with Constant Memory",
    "ICML",
  ),
  values: { loss: "squared-error" },
  options: training,
  make: (options, context) =>
    trainingSolver(options, context, { schedule: () => ({ steps: options.steps }), detached: true }),
});

interface How {
  /** Steps of an outer step's training, and those that are differentiated. */
  schedule(step: number): { steps: number; window?: number };
  readonly detached?: boolean;
}

/** The values that all these solvers share, and those of an optimizer where there is a choice of it. */
type TrainingValues = Resolved<typeof training> & Partial<Resolved<typeof optimizers>>;

function trainingSolver(options: TrainingValues, context: SolverContext, how: How): NetworkSolver {
  const { network, classes, imagesPerClass, renderings = 1, augment } = context;
  const { steps, learningRate, momentum = 0, weightDecay = 0, rateFactor } = options;
  const through = { images: augment?.apply, labels: context.labels };
  const loss = options.loss === "squared-error" ? squaredErrorOf(network, through) : crossEntropyOf(network, through);
  const optimizer = options.optimizer === "adam" ? innerAdam({ weightDecay }) : innerSgd({ momentum, weightDecay });
  const core = unrolled(loss, optimizer, { name: `training of ${network.spec.name} on S` });
  const form = forms[options.form];
  const own = options.rates !== "fixed";
  const count = options.rates === "each" ? steps : 1;
  const raw = Math.fround(form.of(learningRate));
  const learned: Record<string, Learned> = own ? { rates: { initial: filled(raw, count), rate: rateFactor } } : {};
  const samples = imagesPerClass / renderings;
  const each = Math.min(options.batch || samples, samples);
  const rate = (values: NamedTensors, index: number) =>
    own ? form.rate(values.rates!.data[count === 1 ? 0 : index]!) : learningRate;

  const scheduleOf = ({ step: outer, learned: values }: InnerProblem): InnerSchedule => {
    const key = context.key.fold("inner").fold(outer);
    const step = (index: number): InnerStep => ({
      rate: rate(values, index),
      ...(each < imagesPerClass && {
        rows: renderedRows(
          rowsOf(options.order === "random" ? key.fold("batch").fold(index) : index, classes, samples, each),
          renderings,
          key.fold("rendering").fold(index),
        ),
      }),
      ...(augment && { each: augment.draw(key.fold("augment").fold(index), classes * each) }),
    });
    return { ...how.schedule(outer), step };
  };

  const gradientOf = (
    values: NamedTensors,
    from: number,
    { images, labels, rates }: TrajectoryGradient,
  ): SolvedGradient => {
    if (!own) return { images, labels, learned: {} };
    const gradient = new Float32Array(count);
    rates.forEach((g, k) => {
      const at = count === 1 ? 0 : from + k;
      gradient[at] = gradient[at]! + g * form.slope(values.rates!.data[at]!);
    });
    return { images, labels, learned: { rates: new Tensor(gradient, [count], "float32") } };
  };

  return {
    yields: "network",
    learned,
    async solve(problem): Promise<TrainedNetwork> {
      const { hypothesis, data, learned: values } = problem;
      const schedule = scheduleOf(problem);
      if (!how.detached) {
        const trajectory = await core.unroll(hypothesis.params, data, schedule);
        return {
          params: trajectory.final,
          pullback: async (cotangent) =>
            gradientOf(values, trajectory.from, await core.pullback(trajectory, cotangent)),
        };
      }
      const { final } = await core.unroll(hypothesis.params, data, { ...schedule, window: 0 });
      return {
        params: final,
        async pullback(cotangent) {
          // θ_N = θ₀ − Σ η ∇L, and the solver differentiates the sum.
          const against = negative(cotangent);
          return gradientOf(values, 0, await core.detached(hypothesis.params, data, schedule, against));
        },
      };
    },
    ...(own && {
      settle: ({ rates, ...rest }: NamedTensors) => ({
        ...rest,
        rates: new Tensor((rates!.data as Float32Array).map(form.settle), rates!.shape, "float32"),
      }),
      // The rates of a few single steps say nothing about a training of hundreds of epochs.
      learningRate: ({ rates }: NamedTensors) => (count === 1 ? form.rate(rates!.data[0]!) : undefined),
    }),
    multiplyAdds(pass) {
      const { steps: all, window = all } = how.schedule(0);
      // Three passes a gradient; a derivative of it twice as many, and a detached one trains once more.
      const trained = how.detached ? 2 * all : all;
      return classes * each * pass * (3 * trained + 6 * window);
    },
    dispose: () => core.dispose(),
  };
}

/**
 * The forms in which a rate η is learned: η as a function of the learned number, its slope, its inverse, and where it is
 * kept.
 */
const forms = {
  softplus: {
    rate: (r: number) => Math.log1p(Math.exp(r)),
    slope: (r: number) => 1 / (1 + Math.exp(-r)),
    of: (rate: number) => Math.log(Math.expm1(rate)),
    settle: (r: number) => r,
  },
  plain: {
    rate: (r: number) => r,
    slope: () => 1,
    of: (rate: number) => rate,
    settle: (r: number) => Math.max(r, 1e-6),
  },
};

/** Rows of a batch with `each` images of every class: those of turn number `by`, or drawn by a key. */
function rowsOf(by: number | RandomKey, classes: number, imagesPerClass: number, each: number): Int32Array {
  const rows = new Int32Array(classes * each);
  for (let c = 0; c < classes; c++) {
    const drawn = typeof by === "number" ? undefined : by.fold(c).permutation(imagesPerClass, each);
    for (let i = 0; i < each; i++)
      rows[c * each + i] = c * imagesPerClass + (drawn ? drawn[i]! : ((by as number) * each + i) % imagesPerClass);
  }
  return rows;
}

/** Rows of samples as rows of images: of all of them the same rendering, which a key draws. */
function renderedRows(rows: Int32Array, renderings: number, key: RandomKey): Int32Array {
  if (renderings === 1) return rows;
  const [own] = key.permutation(renderings, 1);
  return rows.map((row) => row * renderings + own!);
}

const filled = (value: number, count: number) => new Tensor(new Float32Array(count).fill(value), [count], "float32");

const negative = (params: Params): Params =>
  paramsOf(
    vectorOf(params).map((v) => -v),
    params,
  );
