import { type CondenseOptions, estimate, resolveConfiguration } from "../condense/index.ts";
import {
  type CondensedSet,
  type Dataset,
  datasetFromFiles,
  encodeCondensed,
  encodeNpz,
  encodePng,
  exportArrays,
  grid,
  normalise,
  pictures,
  type Split,
} from "../data/browser.ts";
import type { EmpiricalMeasure } from "../discrepancies/discrepancy.ts";
import { AttarError, type Runtime, tensor } from "../engine/index.ts";
import { evaluate, type TrainedNetwork } from "../evaluate/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { measure } from "../measure/index.ts";
import { describe, type Method, methodNamed, methods } from "../methods/index.ts";
import type {
  About,
  Answer,
  Asked,
  DatasetFacts,
  DatasetSource,
  Distance,
  Engine,
  ExportKind,
  Guess,
  Images,
  MethodFacts,
  Problem,
  Resolved,
  RunFacts,
  ScoreSubject,
  StudioEvent,
} from "./contract.ts";
import { asDigits, asMnist } from "./drawing.ts";
import { axesOf, commandOf, datasetFacts, networkOf, problemOf } from "./facts.ts";
import { firstOfEach, imagesOfSet, imagesOfSplit } from "./images.ts";
import type { Place } from "./place.ts";

/** The most samples of T that distances are measured against. */
const measuredSamples = 1000;

/** Distances that are measured of every set: those that need no network, and take seconds at most. */
const measured = ["mean-difference", "mmd", "sliced-wasserstein", "wasserstein"] as const;

/** A run as the engine keeps it. */
interface Run {
  readonly id: string;
  readonly asked: Asked;
  readonly dataset: Dataset;
  readonly steps: number;
  step: number;
  state: RunFacts["state"];
  losses: (readonly [number, number])[];
  set?: CondensedSet;
  /** Present while it is under way. */
  abort?: AbortController;
  /** Present while networks are trained on its set. */
  scoring?: AbortController;
  readonly trained: Map<ScoreSubject, TrainedNetwork>;
}

/** The engine of a page: attar itself, in the place where it is made. */
export class Host implements Engine {
  private readonly datasets = new Map<string, Dataset>();
  private readonly runs = new Map<string, Run>();
  private readonly listeners = new Set<(event: StudioEvent) => void>();

  constructor(
    private readonly runtime: Runtime,
    private readonly place: Place,
  ) {}

  async about(): Promise<About> {
    await this.runtime.loaded();
    const { engine } = this.place;
    return { engine, threads: this.runtime.threads ?? 1, datasets: await this.place.datasets() };
  }

  async methods(): Promise<readonly MethodFacts[]> {
    return methods.map((method) => {
      const { name, title, citation, formula } = describe(method);
      return { name, title, citation, formula, departures: method.departures };
    });
  }

  async open(source: DatasetSource): Promise<DatasetFacts> {
    const dataset = "known" in source ? await this.place.load(await this.offered(source.known)) : await ofFiles(source);
    const id = `${dataset.name}-${dataset.checksum.slice(0, 12)}`;
    this.datasets.set(id, dataset);
    return datasetFacts(id, dataset);
  }

  async samples(id: string, split: "train" | "test", each: number): Promise<Images> {
    const dataset = this.dataset(id);
    return imagesOfSplit(dataset, dataset[split], firstOfEach(dataset[split], dataset.classes.length, each));
  }

  async resolve(asked: Asked): Promise<Resolved> {
    try {
      const dataset = this.dataset(asked.dataset);
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
        cost: { operations: flops, bytes: stepBytes },
      };
    } catch (error) {
      return { ok: false, problem: problemOf(error) };
    }
  }

  async warm(): Promise<void> {
    await this.runtime.warm();
  }

  async start(asked: Asked): Promise<string> {
    for (const run of this.runs.values())
      if (run.abort) throw new AttarError("busy", `${run.id} is under way`, "stop it first");
    const dataset = this.dataset(asked.dataset);
    const { method, options } = askedOf(asked);
    const { steps } = resolveConfiguration(dataset, method, options);
    const id = `studio-${nameInFile(dataset.name)}-${asked.method}-ipc${asked.ipc}-${identity(asked)}`;
    const run: Run = { id, asked, dataset, steps, step: 0, state: "running", losses: [], trained: new Map() };
    this.runs.set(id, run);
    this.goOn(run);
    return id;
  }

  async stop(id: string): Promise<void> {
    this.run(id).abort?.abort();
  }

  async resume(id: string): Promise<void> {
    const run = this.run(id);
    if (!run.abort && run.step < run.steps) this.goOn(run);
  }

  async newest(): Promise<RunFacts | undefined> {
    const run = [...this.runs.values()].at(-1);
    if (!run) return undefined;
    const { id, asked, dataset, step, steps, state, losses, set } = run;
    const facts = datasetFacts(asked.dataset, dataset);
    return { id, asked, dataset: facts, step, steps, state, losses, ...(set && { images: imagesOfSet(set) }) };
  }

  /** Computes a run to its end or until it is stopped, telling of it by events. */
  private goOn(run: Run): void {
    const abort = new AbortController();
    run.abort = abort;
    run.state = "running";
    const { id, asked, dataset, steps } = run;
    const ended = (state: "done" | "stopped" | "failed", problem?: Problem) => {
      run.abort = undefined;
      run.state = state;
      this.tell({ type: "run.ended", run: id, step: run.step, outcome: state, ...(problem && { problem }) });
    };
    this.place
      .run(
        { id, dataset, ...askedOf(asked) },
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
          },
          onSet: (set, step) => {
            run.set = set;
            this.tell({ type: "frame", run: id, step, images: imagesOfSet(set) });
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
    const set = this.setOf(run);
    if (run.scoring) throw new AttarError("busy", `networks are trained on ${id} already`, "stop that first");
    const scoring = new AbortController();
    run.scoring = scoring;
    const began = performance.now();
    const subjectOf = (name: string): ScoreSubject =>
      name === "random" || name === "kmeans" || name === "full" ? name : "set";
    const { asked, dataset } = run;
    const train = async () => {
      const found = await evaluate(set, dataset, {
        baselines: subjects.filter((subject) => subject !== "set"),
        networks: [parseNetwork(asked.network ?? dataset.domain.network.name)],
        repeats: networks,
        epochs,
        fullEpochs: 3,
        augmentation: "none",
        runtime: this.runtime,
        signal: scoring.signal,
        onTrained: (network, { subject }) => void run.trained.set(subjectOf(subject), network),
        onProgress: ({ subject, repeat, epoch, epochs: all }) =>
          this.tell({
            type: "training",
            run: id,
            subject: subjectOf(subject),
            network: repeat,
            epoch,
            epochs: all,
          }),
      });
      const tell = (subject: ScoreSubject, results: typeof found.results) =>
        this.tell({ type: "score", run: id, subject, accuracies: results[0]?.accuracy?.runs ?? [] });
      tell("set", found.results);
      for (const [name, { results }] of Object.entries(found.baselines)) tell(subjectOf(name), results);
    };
    const seconds = () => (performance.now() - began) / 1000;
    const ended = (problem?: Problem) => {
      run.scoring = undefined;
      this.tell({ type: "scores.ended", run: id, seconds: seconds(), ...(problem && { problem }) });
    };
    train().then(
      () => ended(),
      (error) => ended(scoring.signal.aborted ? undefined : problemOf(error)),
    );
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
    return this.answer(run, { images, labels: Int32Array.of(0) }, 0);
  }

  async guessSample(id: string, index: number): Promise<Answer & { readonly label: number }> {
    const run = this.run(id);
    const { test } = run.dataset;
    return { ...(await this.answer(run, test, index)), label: test.labels[index]! };
  }

  /** What every trained network says of a sample of a split. */
  private async answer(run: Run, split: Split, index: number): Promise<Answer> {
    const set = this.setOf(run);
    const { shape } = run.dataset;
    const guesses: Guess[] = [];
    const sample = normalise({ shape, normalisation: set.normalisation }, split, [index]);
    for (const [subject, network] of run.trained) {
      const outputs = await this.runtime.throughout(() => network.predict(sample));
      const values = Array.from(outputs.data, Number);
      guesses.push({ subject, probabilities: network.outputs === "logits" ? softmax(values) : values });
    }
    return { seen: imagesOfSplit(run.dataset, split, [index]), guesses };
  }

  async distances(id: string): Promise<readonly Distance[]> {
    const run = this.run(id);
    const { dataset } = run;
    const set = this.setOf(run);
    const { classes } = dataset;
    const each = Math.max(1, Math.floor(measuredSamples / classes.length));
    const indices = firstOfEach(dataset.train, classes.length, each);
    const real: EmpiricalMeasure = {
      name: "T",
      points: normalise({ shape: dataset.shape, normalisation: set.normalisation }, dataset.train, indices),
      labels: Int32Array.from(imagesOfSplit(dataset, dataset.train, indices).labels),
      classes,
    };
    const points = tensor(set.images, [set.labels.length, ...set.shape]);
    const own: EmpiricalMeasure = { name: "S", points, labels: set.labels, classes };
    const { runtime } = this;
    const found = await measure(real, own, { discrepancies: measured, references: true, runtime });
    const other = found.references.find(({ noise }) => noise === 0)?.values ?? {};
    return Object.entries(found.values).map(([name, { value }]) => ({
      name,
      value,
      ...(other[name] && { reference: other[name].value }),
    }));
  }

  async exported(id: string, kind: ExportKind): Promise<{ name: string; bytes: Uint8Array }> {
    const set = this.setOf(this.run(id));
    if (kind === "safetensors") return { name: "condensed.safetensors", bytes: encodeCondensed(set) };
    if (kind === "npz") return { name: "condensed.npz", bytes: encodeNpz(exportArrays(set)) };
    return { name: "grid.png", bytes: encodePng(grid(pictures(set))) };
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

  /** A name among those that are offered here: a page opens no path of its own choosing. */
  private async offered(name: string): Promise<string> {
    const names = await this.place.datasets();
    if (names.includes(name)) return name;
    throw new AttarError("absent", `there is no dataset named "${name}" here`, `open one of ${names.join(", ")}`);
  }

  private dataset(id: string): Dataset {
    const found = this.datasets.get(id);
    if (!found) throw new AttarError("absent", `there is no dataset ${id} here`, "open it first");
    return found;
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

/** A dataset of files that a person chose; a fifth of each class is held out where there is no test split. */
const ofFiles = ({ name, files }: Extract<DatasetSource, { name: string }>): Promise<Dataset> =>
  datasetFromFiles(
    name,
    files.map(({ path, bytes }) => ({ path, blob: new Blob([bytes]) })),
    { testShare: 0.2 },
  );

const nameInFile = (name: string) => name.replaceAll(/[^\w.-]+/g, "-").slice(0, 40);

/** A short name for what is asked for: the same question has the same run folder, and goes on in it. */
function identity({ dataset, ipc: _, method: __, ...rest }: Asked): string {
  let hash = 2_166_136_261;
  for (const c of JSON.stringify([dataset, rest])) hash = Math.imul(hash ^ c.charCodeAt(0), 16_777_619);
  return (hash >>> 0).toString(36);
}

/** The method and the options of `condense` that are asked for. */
function askedOf({ method, ipc, seed, steps, network, settings }: Asked): {
  method: Method;
  options: CondenseOptions;
} {
  return {
    method: methodNamed(method),
    options: {
      ipc,
      seed,
      settings,
      ...(steps !== undefined && { steps }),
      ...(network !== undefined && { network: parseNetwork(network) }),
    },
  };
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const weights = logits.map((v) => Math.exp(v - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}
