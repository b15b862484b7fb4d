import {
  AttarError,
  choice,
  number,
  type OptionRules,
  type OptionValues,
  type Resolved,
  resolveOptions,
  Tensor,
  work,
} from "../engine/index.ts";
import {
  clippedByAverage,
  coast,
  type HostOptimizer,
  hostAdabelief,
  hostAdam,
  hostLamb,
  hostSgd,
  type Stretch,
} from "../hypotheses/index.ts";
import type { Variables, VariableTraits } from "../synthetic/index.ts";
import type { Tensors } from "./state.ts";

/** The options of the update of S. */
export const updateOptions = {
  rule: choice("sgd", ["sgd", "adam", "adabelief", "lamb"], "update rule of the synthetic variables", {
    adam: work("D. P. Kingma and J. Ba", 2015, "Adam: A Method for Stochastic Optimization", "ICLR"),
    adabelief: work(
      "J. Zhuang, T. Tang, Y. Ding, S. Tatikonda, N. Dvornek, X. Papademetris and J. S. Duncan",
      2020,
      "AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients",
      "NeurIPS",
    ),
    lamb: work(
      "Y. You, J. Li, S. Reddi, J. Hseu, S. Kumar, S. Bhojanapalli, X. Song, J. Demmel, K. Keutzer and C.-J. Hsieh",
      2020,
      "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes",
      "ICLR",
    ),
  }),
  per: choice("iteration", ["iteration", "class"], "one update a step for all classes, or one after every class"),
  schedule: choice("constant", ["constant", "cosine"], "of the learning rate over the run", {
    cosine: work("I. Loshchilov and F. Hutter", 2017, "SGDR: Stochastic Gradient Descent with Warm Restarts", "ICLR"),
  }),
  beta2: number(0.999, 0, 1, "decay of Adam's squared gradients; imageMomentum is its first one"),
  clip: number(
    0,
    0,
    undefined,
    "largest norm of a variable's gradient, in running means of it (RaT-BPTT); 0 for no limit",
    {
      changed: work("Y. Feng, S. R. Vedantam and J. Kempe", 2024, "Embarrassingly Simple Dataset Distillation", "ICLR"),
    },
  ),
} satisfies OptionRules;

export interface UpdateSettings {
  readonly rate: number;
  readonly momentum: number;
  readonly steps: number;
  readonly classes: number;
  readonly variables: Readonly<Record<string, VariableTraits>>;
}

/** The standing of S in a step. */
export interface Standing {
  /** Steps taken. */
  readonly step: number;
  readonly variables: Variables;
  /** The arrays that the rule keeps: momentum. */
  readonly kept: Tensors;
  /** Classes the step visits, in order. */
  readonly active: readonly number[];
}

export interface Update {
  start(variables: Variables): Tensors;
  /** The variables at which the gradient of a step is taken. */
  at(standing: Standing): Variables;
  /** The step. A gradient holds the shares of the visited classes in order; other classes have none. */
  apply(standing: Standing, gradient: Variables): { variables: Variables; kept: Tensors };
}

/** The update a configuration names; options left out have their defaults. @throws AttarError "bad-combination" for Adam after every class. */
export function updateOf(given: OptionValues, settings: UpdateSettings): Update {
  const options = resolveOptions("the update", updateOptions, given);
  const rule = ruleOf(options, settings);
  return besideFrozen(options.clip > 0 ? clipped(rule, options.clip) : rule, settings);
}

/** A rule that frozen variables pass by: nothing is kept of them, and they stay as they are. */
function besideFrozen(rule: Update, { variables: traits }: UpdateSettings): Update {
  if (!Object.values(traits).some(({ frozen }) => frozen)) return rule;
  const part = (variables: Variables, frozen: boolean): Variables =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => (traits[name]?.frozen === true) === frozen));
  const moving = (standing: Standing): Standing => ({ ...standing, variables: part(standing.variables, false) });
  return {
    start: (variables) => rule.start(part(variables, false)),
    at: (standing) => ({ ...part(standing.variables, true), ...rule.at(moving(standing)) }),
    apply(standing, gradient) {
      const { variables, kept } = rule.apply(moving(standing), gradient);
      return { variables: { ...part(standing.variables, true), ...variables }, kept };
    },
  };
}

function ruleOf(options: Resolved<typeof updateOptions>, settings: UpdateSettings): Update {
  const { rule, per, beta2 } = options;
  const { momentum } = settings;
  const rateAt = (step: number) =>
    options.schedule === "cosine"
      ? (settings.rate * (1 + Math.cos((Math.PI * step) / settings.steps))) / 2
      : settings.rate;
  if (rule === "sgd") return (per === "class" ? afterEveryClass : onceAStep)(hostSgd({ momentum }), rateAt, settings);
  if (per === "iteration") return onceAStep(adaptive[rule]({ beta1: momentum, beta2 }), rateAt, settings);
  throw new AttarError(
    "bad-combination",
    `${rule} updates once a step, not after every class`,
    "--set update.per=iteration, or --set update.rule=sgd",
  );
}

const adaptive = { adam: hostAdam, adabelief: hostAdabelief, lamb: hostLamb } as const;

/** Gradients clipped variable by variable; running means of their norms are kept, 0 before the first. */
function clipped(rule: Update, factor: number): Update {
  const name = (variable: string) => `${variable}.norm`;
  const mean = (value: number) => new Tensor(Float32Array.of(value), [1], "float32");
  return {
    ...rule,
    start: (variables) => ({
      ...rule.start(variables),
      ...Object.fromEntries(Object.keys(variables).map((v) => [name(v), mean(0)])),
    }),
    apply(standing, gradient) {
      const norms: Record<string, Tensor> = {};
      const limited: Record<string, Tensor> = {};
      for (const [variable, { data, shape }] of Object.entries(gradient)) {
        const before = standing.kept[name(variable)]!.data[0]! || undefined;
        const { gradient: within, average } = clippedByAverage(data as Float32Array, before, { factor });
        limited[variable] = new Tensor(within, shape, "float32");
        norms[name(variable)] = mean(average ?? 0);
      }
      const { variables, kept } = rule.apply(standing, limited);
      return { variables, kept: { ...kept, ...norms } };
    },
  };
}

type Rate = (step: number) => number;

/** One variable under update: its values and what the rule keeps of it, both the step's own to change. */
interface Cell {
  readonly name: string;
  readonly x: Float32Array;
  readonly kept: readonly Float32Array[];
  readonly traits: VariableTraits;
}

/** Calls `change` for copies of every variable and of the buffers `parts` kept with it. */
function changed(standing: Standing, settings: UpdateSettings, parts: readonly string[], change: (cell: Cell) => void) {
  const variables: Record<string, Tensor> = {};
  const kept: Record<string, Tensor> = {};
  for (const [name, t] of Object.entries(standing.variables)) {
    const copy = (from: Tensor) => new Tensor((from.data as Float32Array).slice(), from.shape, "float32");
    variables[name] = copy(t);
    for (const part of parts) kept[`${name}.${part}`] = copy(standing.kept[`${name}.${part}`]!);
    change({
      name,
      x: variables[name].data as Float32Array,
      kept: parts.map((part) => kept[`${name}.${part}`]!.data as Float32Array),
      traits: settings.variables[name]!,
    });
  }
  return { variables, kept };
}

const zerosOf = (variables: Variables, parts: readonly string[]): Tensors =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, t]) =>
      parts.map((part) => [`${name}.${part}`, new Tensor(new Float32Array(t.data.length), t.shape, "float32")]),
    ),
  );

function withGradient({ x, traits }: Cell, active: readonly number[], classes: number): Stretch[] {
  if (!traits.perClass || active.length === classes) return [{ from: 0, to: x.length, at: 0 }];
  const share = x.length / classes;
  return active.map((c, order) => ({ from: c * share, to: (c + 1) * share, at: order * share }));
}

/** The step of a rule for one variable of a standing. */
const stepOf =
  (rule: HostOptimizer, rateAt: Rate, { classes }: UpdateSettings, { step, active }: Standing, gradient: Variables) =>
  (cell: Cell): void =>
    rule.step(cell.x, cell.kept, gradient[cell.name]!.data as Float32Array, {
      rate: rateAt(step) * cell.traits.rate,
      taken: step,
      stretches: withGradient(cell, active, classes),
    });

/** One update a step for all classes. */
function onceAStep(rule: HostOptimizer, rateAt: Rate, settings: UpdateSettings): Update {
  return {
    start: (variables) => zerosOf(variables, rule.keeps),
    at: ({ variables }) => variables,
    apply: (standing, gradient) =>
      changed(standing, settings, rule.keeps, stepOf(rule, rateAt, settings, standing, gradient)),
  };
}

/**
 * An update after every class, as IDM, IDC and M3D make it: one momentum buffer over all of S, so that the updates of the
 * other classes carry a class on. Its gradient depends on nothing but its own variables, so where it stands when its turn
 * comes is known beforehand, and all classes are evaluated side by side. Variables of all classes move once a step.
 */
function afterEveryClass(rule: HostOptimizer, rateAt: Rate, settings: UpdateSettings): Update {
  const { momentum, classes } = settings;
  /** Carries every class on by as many updates of others as `turns` says. */
  const carry = ({ x, kept: [v], traits }: Cell, step: number, turns: (c: number) => number) => {
    if (!traits.perClass) return;
    const share = x.length / classes;
    const rate = rateAt(step) * traits.rate;
    for (let c = 0; c < classes; c++)
      coast(x, v!, { from: c * share, to: (c + 1) * share }, { momentum, rate, turns: turns(c) });
  };
  const before = (active: readonly number[]) => (c: number) => (active.includes(c) ? active.indexOf(c) : active.length);
  const after = (active: readonly number[]) => (c: number) =>
    active.includes(c) ? active.length - 1 - active.indexOf(c) : 0;
  return {
    start: (variables) => zerosOf(variables, rule.keeps),
    at: (standing) =>
      changed(standing, settings, rule.keeps, (cell) => carry(cell, standing.step, before(standing.active))).variables,
    apply: (standing, gradient) => {
      const { step, active } = standing;
      const descend = stepOf(rule, rateAt, settings, standing, gradient);
      return changed(standing, settings, rule.keeps, (cell) => {
        carry(cell, step, before(active));
        descend(cell);
        carry(cell, step, after(active));
      });
    },
  };
}
