import { AttarError } from "../../engine/index.ts";
import { type Measurements, measuredIn, measurementsOf, probesOf, type Scoring } from "../budget/measure.node.ts";
import {
  type Cells,
  jobMaker,
  networksFor,
  type ProbeCell,
  readingsOfStudy,
  referencesOf,
  type ScoreCell,
  type SetCell,
  scoreRefusal,
  setCell,
  withSteps,
} from "../plan/cells.node.ts";
import { knownIn } from "../plan/known.node.ts";
import { type CellState, type PlannedCell, Planner } from "../plan/plan.node.ts";
import { mean } from "../statistics/index.ts";
import type { Result } from "../store/result.ts";
import type { Store } from "../store/store.ts";
import type { ResolvedStudy, StudyDataset } from "../study/resolved.ts";
import type { Exploration, StudyProtocol, Tier } from "../study/schema.ts";
import { type Candidate, candidatesOf, type HeldOutDataset, heldOutOf } from "./candidates.node.ts";
import type { Refused } from "./draw.ts";
import { survivors } from "./halving.ts";
import { farthest, heldOutProtocol, type Outcome, type Place, type RungTrials } from "./place.ts";
import { scheduleOf } from "./schedule.node.ts";

/**
 * The cells of an exploration as far as the store has results, and what they say: timings first, then rung after rung, then the final
 * scores. A function of study and store.
 *
 * @throws AttarError "bad-study" where the time does not do for a rung, with the least that does
 */
export async function explored(
  study: ResolvedStudy,
  exploration: Exploration,
  store: Store,
  tier?: Tier,
): Promise<{ readonly cells: Cells; readonly places: readonly Place[] }> {
  const within = (axis: "datasets" | "ipc", value: string | number) => {
    const asked: readonly (string | number)[] | undefined = tier?.[axis];
    return asked === undefined || asked.includes(value);
  };
  const asked = study.datasets.flatMap((dataset) =>
    study.study.ipc.map((ipc) => ({ dataset, ipc, asked: within("datasets", dataset.label) && within("ipc", ipc) })),
  );
  const seconds = exploration.budget / asked.length;
  const references = referencesOf(study, tier);
  const probes = new Map<string, ProbeCell>();
  const sets: SetCell[] = [];
  const places: Place[] = [];
  for (const { dataset, ipc } of asked.filter((one) => one.asked)) {
    if (!dataset.info) {
      sets.push(...refusedSets(study, dataset, ipc));
      continue;
    }
    const exploring = new Exploring(study, exploration, store, await heldOutOf(dataset, exploration), dataset, ipc);
    const found = await exploring.all(seconds);
    for (const probe of found.probes) probes.set(probe.job.key, probe);
    sets.push(...found.sets);
    places.push(found.place);
  }
  return { cells: { study, probes: [...probes.values()], sets, references }, places };
}

/** The methods of the study on a dataset that cannot be read, with the reason. */
const refusedSets = (study: ResolvedStudy, dataset: StudyDataset, ipc: number): SetCell[] =>
  study.subjects.map((subject) => {
    const seed = study.study.seeds[0]!;
    const name = `${subject.label}/${dataset.label}/ipc${ipc}/seed${seed}`;
    return setCell({ name, subject, dataset, ipc, seed, turn: 0 }, { refused: dataset.refused! }, [], [], false);
  });

interface Found {
  readonly probes: readonly ProbeCell[];
  readonly sets: readonly SetCell[];
  readonly place: Place;
}

/** States of cells that come to no other end by themselves. */
const ends: ReadonlySet<CellState> = new Set(["done", "diverged", "blocked", "failed", "stopped", "refused"]);

type Drawn = ReturnType<typeof candidatesOf>;
const drawnBefore = new WeakMap<ResolvedStudy, Map<string, Drawn>>();
/** What says the cost of a candidate; a study's own methods have one a place, see {@link drawnOnce}. */
const measuredBefore = new WeakMap<Candidate["subject"], Measurements>();

/** The candidates of a place, drawn once for a study that is read: the cells are made anew after every result. */
function drawnOnce(study: ResolvedStudy, place: string, draw: () => Drawn): Drawn {
  const there = drawnBefore.get(study) ?? new Map<string, Drawn>();
  drawnBefore.set(study, there);
  const known = there.get(place) ?? draw();
  there.set(place, known);
  return known;
}

/** An exploration on a dataset at a size. */
class Exploring {
  private readonly candidates: readonly Candidate[];
  private readonly refused: readonly Refused[];
  private readonly scorings: readonly Scoring[];
  private readonly finalScorings: readonly Scoring[];
  private readonly sets: SetCell[] = [];
  private readonly metric: "accuracy" | "r2";

  constructor(
    private readonly study: ResolvedStudy,
    private readonly exploration: Exploration,
    private readonly store: Store,
    private readonly held: HeldOutDataset,
    private readonly dataset: StudyDataset,
    private readonly ipc: number,
  ) {
    const { candidates, refused } = drawnOnce(study, `${dataset.label}/${ipc}`, () =>
      candidatesOf(study, exploration, held, ipc),
    );
    this.candidates = candidates;
    this.refused = refused;
    this.metric = held.info.target ? "r2" : "accuracy";
    const networks = this.networks(held);
    if (networks.length === 0)
      throw new AttarError(
        "bad-study",
        `${study.file}: none of its networks can be trained on ${dataset.label}`,
        'leave "networks" out, or name one that serves the data',
      );
    this.scorings = networks.map(({ text: network }) => ({ network, protocol: this.protocol() }));
    this.finalScorings = networks.flatMap(({ text: network }) =>
      study.protocols.map(({ protocol }) => ({ network, protocol })),
    );
  }

  private networks(dataset: StudyDataset) {
    return networksFor(this.study, dataset).filter(({ spec }) => !scoreRefusal(spec, dataset));
  }

  /** The protocol of held-out scores. */
  private protocol(): StudyProtocol {
    const { epochs, repeats, seed } = this.exploration;
    const { protocol: first } = this.study.protocols[0]!;
    return { ...first, name: heldOutProtocol, repeats, seed, ...(epochs !== undefined && { epochs }) };
  }

  /** @param seconds for this dataset and size */
  async all(seconds: number): Promise<Found> {
    const measurements = this.candidates.map((candidate) => this.measured(candidate));
    const probes = [...new Map(measurements.flatMap(probesOf).map((probe) => [probe.job.key, probe])).values()];
    const base = { dataset: this.dataset.label, ipc: this.ipc, metric: this.metric, eta: this.exploration.eta };
    const place: Place = {
      ...base,
      candidates: this.candidates,
      refused: this.refused,
      leftOut: [],
      sizes: [],
      rungs: [],
      finals: [],
      ended: false,
    };
    const timing = await this.planned(probes, []);
    if (timing.some(({ state }) => !ends.has(state))) return { probes, sets: [], place };
    const { study, exploration, candidates, scorings, finalScorings, ipc } = this;
    const { alive, leftOut, sizes, steps } = scheduleOf(
      {
        ...{ exploration, candidates, scorings, finalScorings, ipc },
        seeds: study.study.seeds.length,
        file: study.file,
        dataset: this.dataset.label,
      },
      { measurements, timing, results: await measuredIn(this.store, probes) },
      seconds,
    );
    const rungs: RungTrials[] = [];
    let on = alive;
    for (const [rung, size] of sizes.entries()) {
      const trials = await this.rung(rung, on.slice(0, size), steps);
      rungs.push(trials);
      const known = { ...place, leftOut, sizes, rungs };
      if (!trials.ended) return { probes, sets: this.sets, place: known };
      const scores = trials.trials.map(({ score }) => score);
      on = survivors(scores, sizes[rung + 1] ?? size).map((i) => trials.trials[i]!.candidate);
      if (on.length === 0) return { probes, sets: this.sets, place: { ...known, ended: true } };
    }
    const best = farthest(rungs, () => true);
    const found = farthest(rungs, ({ combination }) => combination !== undefined);
    const published = farthest(rungs, ({ combination }) => combination === undefined);
    const last = sizes.length - 1;
    const finals = [found, published].flatMap((trial) => (trial ? [this.final(trial.candidate, steps, last)] : []));
    const own = finals.flatMap(({ sets }) => sets);
    this.sets.push(...own);
    const states = await this.planned([], own);
    const read = await this.reader(states, this.study.protocols[0]!.protocol.name);
    return {
      probes,
      sets: this.sets,
      place: {
        ...place,
        ...{ leftOut, sizes, rungs },
        finals: finals.map((final) => ({ ...final, sets: final.sets.map(read) })),
        ...(best && { best }),
        ...(found && { found }),
        ...(published && { published }),
        ended: states.every(({ state }) => ends.has(state)),
      },
    };
  }

  private measured({ label, subject }: Candidate): Measurements {
    const known = measuredBefore.get(subject);
    if (known) return known;
    const name = `${label}/${this.dataset.label}/ipc${this.ipc}/timing`;
    const found = measurementsOf(
      name,
      { label, made: subject.made },
      this.held,
      this.ipc,
      this.exploration.seed,
      this.scorings,
    );
    measuredBefore.set(subject, found);
    return found;
  }

  /** Where cells stand. */
  private async planned(probes: readonly ProbeCell[], sets: readonly SetCell[]): Promise<readonly PlannedCell[]> {
    const cells: Cells = { study: this.study, probes, sets, references: [] };
    return (await new Planner(cells).plan(await knownIn(this.store, cells))).cells;
  }

  /** The trials of a rung: its sets and their held-out scores. */
  private async rung(
    rung: number,
    candidates: readonly Candidate[],
    steps: ReadonlyMap<Candidate, number>,
  ): Promise<RungTrials> {
    const factor = this.exploration.eta ** rung;
    const { seed } = this.exploration;
    const own = candidates.map((candidate) => {
      const count = steps.get(candidate)! * factor;
      const name = `${candidate.label}/${this.dataset.label}/ipc${this.ipc}/rung${rung}`;
      return { candidate, count, set: this.set(candidate, count, this.held, name, seed, rung, this.scorings) };
    });
    this.sets.push(...own.map(({ set }) => set));
    const cells = await this.planned(
      [],
      own.map(({ set }) => set),
    );
    const read = await this.reader(cells, heldOutProtocol);
    const trials = own.map(({ candidate, count, set }) => ({ candidate, steps: count, ...read(set) }));
    return { rung, ended: cells.every(({ state }) => ends.has(state)), trials };
  }

  /** Reads what planned cells say of a set: the main metric of networks under a protocol, or why there is none. */
  private async reader(cells: readonly PlannedCell[], protocol: string): Promise<(set: SetCell) => Outcome> {
    const done = cells.flatMap(({ kind, state, job }) =>
      kind === "evaluate" && state === "done" && job ? job.key : [],
    );
    const results = await this.store.results("evaluate", done);
    return (own) => {
      const scores = cells.filter(({ score, set }) => set === own && score?.protocol.name === protocol);
      const made = cells.find(({ score, set }) => set === own && score === undefined);
      const values = scores.map(({ job }) => valuesIn(job && results.get(job.key), this.metric));
      const whole = values.length > 0 && values.every(({ length }) => length > 0);
      const reason = whole ? undefined : (made?.reason ?? scores.find((cell) => cell.reason !== undefined)?.reason);
      return {
        values: values.flat(),
        ...(whole && { score: mean(values.map(mean)) }),
        ...(reason !== undefined && { reason }),
        diverged: made?.state === "diverged",
      };
    };
  }

  /** A candidate's sets at the end: from the whole training split, as many steps as in the last rung. */
  private final(candidate: Candidate, steps: ReadonlyMap<Candidate, number>, last: number) {
    const count = steps.get(candidate)! * this.exploration.eta ** last;
    const sets = this.study.study.seeds.map((seed, turn) => {
      const name = `${candidate.label}/${this.dataset.label}/ipc${this.ipc}/seed${seed}`;
      return this.set(candidate, count, this.dataset, name, seed, turn, this.finalScorings);
    });
    return { candidate, steps: count, sets };
  }

  private set(
    { subject }: Candidate,
    steps: number,
    dataset: StudyDataset,
    name: string,
    seed: number,
    turn: number,
    scorings: readonly Scoring[],
  ): SetCell {
    const networks = new Map(this.networks(dataset).map(({ text, spec }) => [text, spec]));
    const scores = scorings.flatMap(({ network, protocol }): ScoreCell[] => {
      const spec = networks.get(network);
      return spec ? [{ name: `${name}/${network}/${protocol.name}`, network, spec, protocol }] : [];
    });
    const made = jobMaker(steps > 0 ? withSteps(subject, steps) : subject, dataset, this.ipc, seed)(name, seed);
    return setCell(
      { name, subject, dataset, ipc: this.ipc, seed, turn },
      made,
      scores,
      readingsOfStudy(this.study),
      false,
    );
  }
}

/** The numbers of a metric that a job found. */
function valuesIn(result: Result | undefined, metric: string): readonly number[] {
  const { scores } = (result?.values ?? {}) as { scores?: Readonly<Record<string, readonly number[]>> };
  return scores?.[metric] ?? [];
}
