import type { Dataset } from "../data/dataset.ts";
import { AttarError } from "../engine/index.ts";
import { protocolFor } from "../evaluate/index.ts";
import { regressionEpochs } from "../evaluate/protocol.ts";
import { networkSeconds, probed, type ScoringCost } from "../evaluate/scoringCost.ts";
import { isCoreset, type Method } from "../methods/index.ts";
import { type Advice, type Question, sameQuestion, type Trial, type Unfinished } from "./advice.ts";
import { type Deadline, deadlineIn, isStop } from "./deadline.ts";
import type { AdviseOptions } from "./options.ts";
import { type Plan, planned } from "./plan.ts";
import { recommend, usualMargin } from "./recommend.ts";
import { type ReferenceCost, reference, referenceCost, referenceEpochs, reservedFor } from "./reference.ts";
import { type Setup, setUp } from "./setup.ts";
import { type TrialOptions, tried } from "./trial.ts";

/** The share of the time after which no larger size is timed. */
const timingShare = 0.15;
/** Seconds for which a run is not begun. */
const leastSeconds = 1;

/**
 * What methods and sizes are worth on a dataset, tried within a budget of time on a part of its training split that is held
 * out: the test split is not looked at. What the time did not reach is told. The recommended set is the smallest one whose
 * mean is within the margin of the best one's.
 *
 * @example
 * const advice = await advise(await load("digits"), { seconds: 60 });
 * if (advice.recommended) console.log(advice.recommended.method, advice.recommended.ipc);
 * @throws AttarError exit code 2 for wrong options, for methods that the dataset does not allow, and for an earlier advice of
 * another question ("other-question")
 */
export async function advise(dataset: Dataset, options: AdviseOptions = {}): Promise<Advice> {
  const { seconds = 300, margin = usualMargin, signal } = options;
  for (const [option, value] of Object.entries({ "--for": seconds, "--margin": margin }))
    if (!(value >= 0 && Number.isFinite(value)))
      throw new AttarError("bad-option", `${option} must be a number of at least 0, got ${value}`, "");
  const deadline = deadlineIn(seconds, signal);
  try {
    const advising = new Advising(await setUp(dataset, options), options, deadline, { seconds, margin });
    return await advising.all();
  } finally {
    deadline.release();
  }
}

const tooLong = "the time does not do for this size";

/** A set that is to be tried. */
interface Wanted {
  readonly method: Method;
  readonly ipc: number;
}

/** The state of an advice under way. */
class Advising {
  private trials: Trial[] = [];
  private readonly unfinished: Unfinished[] = [];
  private against: Advice["reference"];
  private question: Question;
  private costs: readonly ScoringCost[] = [];
  /** Seconds that would do, where those that there are do not. */
  private wanted: number | undefined;

  constructor(
    private readonly setup: Setup,
    private readonly options: AdviseOptions,
    private readonly deadline: Deadline,
    private readonly limits: { readonly seconds: number; readonly margin: number },
  ) {
    this.question = setup.question;
  }

  async all(): Promise<Advice> {
    const { held, sizes, methods } = this.setup;
    const { deadline, options } = this;
    try {
      this.costs = await this.timed();
      const whole = referenceCost(held, this.costs);
      const reserved = reservedFor(whole, this.limits.seconds);
      const plan = await this.plan(reserved);
      options.onPlan?.(plan, this.advice());
      const done = ({ ipc, method }: Wanted) => this.trials.some((t) => t.ipc === ipc && t.method === method.name);
      const wanted = plan.sizes.flatMap((ipc) => methods.map((method) => ({ ipc, method }))).filter((w) => !done(w));
      for (const at of wanted.keys()) await this.next(wanted.slice(at), plan, reserved);
      if (!this.against) await this.refer(whole);
    } catch (error) {
      if (!deadline.signal.aborted || !isStop(error)) throw error;
    }
    for (const ipc of sizes)
      for (const { name } of methods)
        if (![...this.trials, ...this.unfinished].some((cell) => cell.ipc === ipc && cell.method === name))
          this.unfinished.push({ method: name, ipc, why: deadline.signal.aborted ? deadline.why() : tooLong });
    if (!this.against && !this.unfinished.some(({ method }) => method === "full"))
      this.unfinished.push({ method: "full", why: deadline.why() });
    return this.advice();
  }

  /** Times the scoring of sizes, from the smallest on, as long as that takes a small part of the time. */
  private async timed(): Promise<ScoringCost[]> {
    const { held, sizes, network, question } = this.setup;
    const { runtime, onProgress } = this.options;
    const costs: ScoringCost[] = [];
    for (const [i, ipc] of sizes.entries()) {
      if (i > 0 && this.deadline.passed() > timingShare * this.limits.seconds) break;
      onProgress?.("timing", i, sizes.length);
      costs.push(await probed(held, { ipc, seed: question.seed, network, runtime, signal: this.deadline.signal }));
    }
    onProgress?.("timing", sizes.length, sizes.length);
    return costs;
  }

  /** Chooses the protocol and the sizes; an earlier advice of the question keeps its own. */
  private async plan(reserved: number): Promise<Plan> {
    const { held, methods, sizes } = this.setup;
    const { earlier, epochs, networks } = this.options;
    const usualEpochs = held.target
      ? regressionEpochs(sizes.at(-1)! * held.classes.length)
      : (await protocolFor(held)).recipe.epochs;
    const plan = planned({
      seconds: this.deadline.left() - reserved,
      costs: this.costs,
      sets: methods.length,
      scored: (ipc) =>
        methods.filter(({ name }) => earlier?.trials.some((t) => t.ipc === ipc && t.method === name)).length,
      condenses: methods.some((method) => !isCoreset(method)),
      usualEpochs,
      epochs: epochs ?? earlier?.question.epochs,
      networks: networks ?? earlier?.question.networks,
    });
    this.question = { ...this.question, epochs: plan.epochs, networks: plan.networks };
    if (plan.wanted !== undefined) this.wanted = this.limits.seconds - this.deadline.left() + reserved + plan.wanted;
    if (earlier) {
      if (!sameQuestion(earlier.question, this.question)) throw otherQuestion(earlier.question, this.question);
      this.trials = [...earlier.trials];
      this.against = earlier.reference;
    }
    for (const ipc of plan.left)
      for (const { name } of methods)
        if (!this.trials.some((t) => t.ipc === ipc && t.method === name))
          this.unfinished.push({ method: name, ipc, why: tooLong });
    return plan;
  }

  /** Tries the first of those that are wanted, with its share of the time that scoring all of them leaves. */
  private async next(wanted: readonly Wanted[], plan: Plan, reserved: number): Promise<void> {
    const [{ method, ipc }] = wanted as [Wanted];
    const { deadline, options } = this;
    const scoring = wanted.reduce((sum, { ipc: each }) => sum + this.scoringSeconds(each, plan), 0);
    const moving = wanted.filter((w) => !isCoreset(w.method)).length;
    const share = (deadline.left() - scoring - reserved) / Math.max(1, moving);
    const miss = (why: string) => this.unfinished.push({ method: method.name, ipc, why });
    if (deadline.signal.aborted) return void miss(deadline.why());
    if (!isCoreset(method) && share < leastSeconds) return void miss("the time did not reach it");
    const outcome = await tried(this.setup.held, method, ipc, share, this.trialOptions(method, ipc));
    if (typeof outcome === "string") return void miss(deadline.signal.aborted ? deadline.why() : outcome);
    this.trials.push(outcome);
    await options.onTrial?.(outcome, this.advice());
  }

  private scoringSeconds(ipc: number, { epochs, networks }: Plan): number {
    return networks * networkSeconds(this.costs.find((cost) => cost.ipc === ipc)!, epochs);
  }

  private trialOptions(method: Method, ipc: number): TrialOptions {
    const { artefacts, runtime, onProgress } = this.options;
    return {
      question: this.question,
      network: this.setup.network,
      condense: this.setup.optionsOf(method),
      artefacts,
      runtime,
      signal: this.deadline.signal,
      onStep: (done, total, stage) => onProgress?.(`${method.name} at ${ipc}, ${stage}`, done, total),
    };
  }

  /** Trains on all rows that are not held out, where the time that is left does for it. */
  private async refer(whole: ReferenceCost): Promise<void> {
    const { deadline, options } = this;
    const epochs = referenceEpochs(whole, {
      seconds: deadline.left(),
      rows: this.question.trainedOn,
      epochs: this.question.epochs,
    });
    if (epochs === 0 || deadline.signal.aborted) {
      const why = whole.refused ?? `an epoch takes about ${whole.perEpoch.toPrecision(2)} s`;
      this.unfinished.push({ method: "full", why: deadline.signal.aborted ? deadline.why() : why });
      return;
    }
    const { runtime, onProgress } = options;
    try {
      this.against = await reference(this.setup.held, epochs, {
        question: this.question,
        network: this.setup.network,
        condense: {},
        runtime,
        signal: deadline.signal,
        onStep: (done, total) => onProgress?.("all training data", done, total),
      });
    } catch (error) {
      if (!isStop(error)) throw error;
      this.unfinished.push({ method: "full", why: deadline.why() });
    }
  }

  private advice(): Advice {
    const { trials, unfinished, against, question } = this;
    const { seconds: budget, margin } = this.limits;
    const recommended = this.wanted === undefined ? recommend(trials, margin) : undefined;
    return {
      format: "attar advice 1",
      question,
      margin,
      trials: [...trials].sort((a, b) => a.ipc - b.ipc || b.score.mean - a.score.mean),
      ...(against && { reference: against }),
      ...(recommended && { recommended }),
      ...(this.wanted !== undefined && { wanted: this.wanted }),
      unfinished: [...unfinished],
      budget,
      seconds: this.deadline.passed(),
    };
  }
}

function otherQuestion(earlier: Question, question: Question): AttarError {
  const differs = (["checksum", "seed", "network", "epochs", "networks"] as const).filter(
    (field) => earlier[field] !== question[field],
  );
  const told = differs.map((field) =>
    field === "checksum" ? "other data" : `${field} ${earlier[field]} in place of ${question[field]}`,
  );
  return new AttarError(
    "other-question",
    `the earlier advice is of another question: ${told.join(", ") || "another split or reading"}`,
    "choose another --out, or discard it: --force",
  );
}
