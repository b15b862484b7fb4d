import { zipSync } from "fflate";
import { estimate, resolveConfiguration } from "../condense/index.ts";
import type { CondensedSet } from "../data/browser.ts";
import { AttarError, type Runtime } from "../engine/index.ts";
import { describe, methods } from "../methods/index.ts";
import { askedOf, runNameOf } from "./asked.ts";
import type {
  About,
  Alternative,
  Answer,
  Asked,
  DatasetFacts,
  DatasetSource,
  Distance,
  Engine,
  ExportKind,
  Images,
  Kept,
  MethodFacts,
  Nearest,
  Problem,
  Projection,
  Resolved,
  RunFacts,
  ScoreSubject,
  StudioEvent,
  StudyFacts,
} from "./contract.ts";
import { bandsOf, distancesOf, followed, measured, realMeasure, setMeasure } from "./distancesOf.ts";
import { asDigits, asMnist } from "./drawing.ts";
import { exportedSet } from "./exportedSet.ts";
import { alternativesOf, axesOf, commandOf, datasetFacts, networkOf, problemOf } from "./facts.ts";
import { guessesOf, sampleOfPicture } from "./guesses.ts";
import { firstOfEach, imagesOfSet, imagesOfSplit } from "./images.ts";
import { nearestOf } from "./nearestOf.ts";
import { idOf, OpenDatasets } from "./openDatasets.ts";
import type { Place } from "./place.ts";
import { projectionOf } from "./projection.ts";
import { factsOfRun, newRun, type Run } from "./run.ts";
import { scoreRun } from "./scoring.ts";

/** Runs whose sets and networks are kept in memory. */
const mostAtHand = 8;

/** The engine of a page: attar itself, in the place where it is made. */
export class Host implements Engine {
  private readonly datasets: OpenDatasets;
  private readonly runs = new Map<string, Run>();
  private readonly listeners = new Set<(event: StudioEvent) => void>();

  constructor(
    private readonly runtime: Runtime,
    private readonly place: Place,
  ) {
    this.datasets = new OpenDatasets(place);
  }

  async about(): Promise<About> {
    const { name: executor, threads = 1 } = await this.runtime.loaded();
    const { engine } = this.place;
    return { engine, executor, threads, datasets: await this.place.datasets() };
  }

  async methods(): Promise<readonly MethodFacts[]> {
    return methods.map((method) => {
      const { name, title, citation, formula } = describe(method);
      return { name, title, citation, formula, departures: method.departures };
    });
  }

  async open(source: DatasetSource): Promise<DatasetFacts> {
    const dataset = await this.datasets.open(source);
    return datasetFacts(idOf(dataset), dataset);
  }

  async samples(id: string, split: "train" | "test", each: number): Promise<Images> {
    const dataset = this.datasets.named(id);
    return imagesOfSplit(dataset, dataset[split], firstOfEach(dataset[split], dataset.classes.length, each));
  }

  async resolve(asked: Asked): Promise<Resolved> {
    try {
      const dataset = this.datasets.named(asked.dataset);
      const { method, options } = askedOf(asked);
      const configuration = resolveConfiguration(dataset, method, options);
      const { flops, stepBytes } = await estimate(dataset, method, { ...options, runtime: this.runtime });
      return {
        ok: true,
        steps: configuration.steps,
        realBatch: configuration.realBatch,
        network: networkOf(configuration),
        axes: axesOf(configuration),
        command: commandOf(asked, dataset),
        ...(options.record && { record: `${JSON.stringify(options.record, null, 2)}\n` }),
        cost: { operations: flops, bytes: stepBytes },
      };
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  }

  async alternatives(asked: Asked, slot: string): Promise<readonly Alternative[]> {
    const dataset = this.datasets.named(asked.dataset);
    return alternativesOf(slot, (name) => {
      const { method, options } = askedOf({ ...asked, parts: { ...asked.parts, [slot]: name } });
      resolveConfiguration(dataset, method, options);
    });
  }

  async warm(): Promise<void> {
    await this.runtime.warm();
  }

  async start(asked: Asked): Promise<string> {
    for (const run of this.runs.values())
      if (run.abort) throw new AttarError("busy", `${run.id} is under way`, "stop it first");
    const dataset = this.datasets.named(asked.dataset);
    const { method, options } = askedOf(asked);
    const { steps } = resolveConfiguration(dataset, method, options);
    const run = newRun({ id: runNameOf(asked, dataset.name), asked, dataset, steps });
    this.keepAtHand(run);
    this.goOn(run);
    return run.id;
  }

  /** Adds a run as the newest; the oldest beyond {@link mostAtHand} are opened again when they are asked for. */
  private keepAtHand(run: Run): void {
    this.runs.delete(run.id);
    this.runs.set(run.id, run);
    for (const [id, old] of this.runs) {
      if (this.runs.size <= mostAtHand) return;
      if (!old.abort && !old.scoring) this.runs.delete(id);
    }
  }

  async stop(id: string): Promise<void> {
    this.run(id).abort?.abort();
  }

  async resume(id: string, steps?: number): Promise<void> {
    const run = this.run(id);
    if (!run.abort && run.step < run.steps) this.goOn(run, steps);
  }

  async newest(): Promise<RunFacts | undefined> {
    const run = [...this.runs.values()].at(-1);
    if (run) return factsOfRun(run);
    const [last] = (await this.place.kept()).runs;
    // What a page left when it was closed; of what cannot be opened, such as a run on data that are gone, nothing is said.
    return last && this.place.engine === "in this page" ? this.openRun(last.id).catch(() => undefined) : undefined;
  }

  kept(): Promise<Kept> {
    return this.place.kept();
  }

  study(id: string): Promise<StudyFacts> {
    return this.place.study(id);
  }

  async openRun(id: string): Promise<RunFacts> {
    const known = this.runs.get(id);
    if (known) return factsOfRun(known);
    const { facts, asked, checksum, step, losses, set } = await this.place.openRun(id);
    const dataset = await this.datasets.ofRun(facts.dataset, checksum);
    const run: Run = {
      ...newRun({ id, asked: { ...asked, dataset: idOf(dataset) }, dataset, steps: facts.steps }),
      step,
      state: facts.finished ? "done" : "stopped",
      losses: [...losses],
      ...(set && { set }),
    };
    this.keepAtHand(run);
    return factsOfRun(run);
  }

  /** Computes a run to its end, until it is stopped or for some steps, telling of it by events. */
  private goOn(run: Run, most = Number.POSITIVE_INFINITY): void {
    const abort = new AbortController();
    run.abort = abort;
    run.state = "running";
    const { id, asked, dataset, steps } = run;
    let taken = 0;
    const ended = (state: "done" | "stopped" | "failed", problem?: Problem) => {
      run.abort = undefined;
      run.state = state;
      this.tell({ type: "run.ended", run: id, step: run.step, outcome: state, ...(problem && { problem }) });
    };
    this.place
      .run(
        { id, asked, dataset, ...askedOf(asked) },
        {
          runtime: this.runtime,
          signal: abort.signal,
          onStart: (step) => {
            run.step = step;
            this.tell({ type: "run.started", run: id, step, steps });
          },
          onStep: (step, loss, seconds) => {
            run.step = step;
            run.losses.push([step, loss]);
            this.tell({ type: "step", run: id, step, steps, loss, seconds });
            if (++taken >= most) abort.abort();
          },
          onSet: (set, step) => {
            run.set = set;
            this.tell({ type: "frame", run: id, step, images: imagesOfSet(set) });
            this.readDistances(run, set, step);
          },
        },
      )
      .then(
        () => ended("done"),
        (error) => (abort.signal.aborted ? ended("stopped") : ended("failed", problemOf(error))),
      );
  }

  async score(id: string, subjects: readonly ScoreSubject[], networks: number, epochs: number): Promise<void> {
    const run = this.run(id);
    scoreRun(run, this.setOf(run), { subjects, networks, epochs }, this.runtime, (event) => this.tell(event));
  }

  async stopScoring(id: string): Promise<void> {
    this.run(id).scoring?.abort();
  }

  async guessDrawing(id: string, ink: Float32Array, side: number): Promise<Answer> {
    const run = this.run(id);
    const { drawn } = datasetFacts("", run.dataset);
    if (!drawn)
      throw new AttarError("bad-option", `samples of ${run.dataset.name} cannot be drawn`, "pick a test sample");
    const images = drawn === "digits" ? asDigits({ data: ink, side }) : asMnist({ data: ink, side });
    return guessesOf(run.trained, this.seenBy(run), { images, labels: Int32Array.of(0) }, 0);
  }

  async guessSample(id: string, index: number): Promise<Answer & { readonly label: number }> {
    const run = this.run(id);
    const { test } = run.dataset;
    return { ...(await guessesOf(run.trained, this.seenBy(run), test, index)), label: test.labels[index]! };
  }

  async guessPicture(id: string, picture: Images): Promise<Answer> {
    const run = this.run(id);
    return guessesOf(run.trained, this.seenBy(run), sampleOfPicture(run.dataset, picture), 0);
  }

  private seenBy(run: Run) {
    return { dataset: run.dataset, set: this.setOf(run), runtime: this.runtime };
  }

  async distances(id: string): Promise<readonly Distance[]> {
    const run = this.run(id);
    return this.distancesOf(run, this.setOf(run), measured);
  }

  private async distancesOf(
    run: Run,
    set: CondensedSet,
    discrepancies: readonly string[],
  ): Promise<readonly Distance[]> {
    const { runtime } = this;
    const real = realMeasure(run.dataset, set);
    if (discrepancies.some((name) => run.bands?.[name] === undefined))
      run.bands = { ...run.bands, ...(await bandsOf(real, set.labels.length, discrepancies, runtime)) };
    return distancesOf(real, setMeasure(set, run.dataset), { discrepancies, bands: run.bands, runtime });
  }

  async follow(id: string, on: boolean): Promise<void> {
    const run = this.run(id);
    run.followed = on;
    if (on && run.set) this.readDistances(run, run.set, run.step);
  }

  /** Tells the distances of a set; while that of an earlier one is measured, nothing. */
  private readDistances(run: Run, set: CondensedSet, step: number): void {
    if (!run.followed || run.reading) return;
    run.reading = this.distancesOf(run, set, followed)
      .then((distances) => this.tell({ type: "reading", run: run.id, step, distances }))
      .catch(() => {
        // What cannot be measured of this data, Wasserstein of a single sample say, is not followed.
        run.followed = false;
      })
      .finally(() => {
        run.reading = undefined;
      });
  }

  project(id: string): Promise<Projection> {
    return this.runtime.throughout(() => projectionOf(this.datasets.named(id)));
  }

  async nearest(id: string, image: number): Promise<Nearest> {
    const run = this.run(id);
    return nearestOf(run.dataset, this.setOf(run), image);
  }

  async exported(id: string, kind: ExportKind): Promise<{ name: string; bytes: Uint8Array }> {
    if (kind === "zip") return { name: `${id}.zip`, bytes: zipSync(Object.fromEntries(await this.place.files(id))) };
    return exportedSet(id, this.setOf(this.run(id)), kind);
  }

  listen(listener: (event: StudioEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends what is under way after its step, so that nothing is lost. */
  end(): void {
    for (const { abort, scoring } of this.runs.values()) {
      abort?.abort();
      scoring?.abort();
    }
  }

  private tell(event: StudioEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  private run(id: string): Run {
    const found = this.runs.get(id);
    if (!found) throw new AttarError("absent", `there is no run ${id} here`, "start one");
    return found;
  }

  private setOf({ id, set }: Run): CondensedSet {
    if (!set) throw new AttarError("absent", `${id} has no set yet`, "wait for its first step");
    return set;
  }
}
