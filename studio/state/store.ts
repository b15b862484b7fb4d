import { computed, effect, signal } from "@preact/signals";
import type {
  About,
  Asked,
  DatasetFacts,
  Distance,
  Engine,
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
} from "../../src/studio/contract.ts";
import { Frames } from "./frames.ts";

/** The networks that were trained on a subject, as far as is known. */
export interface Worth {
  readonly accuracies: readonly number[];
}

/** A run as the page shows it. */
export interface ShownRun {
  readonly id: string;
  readonly asked: Asked;
  readonly steps: number;
  readonly state: "running" | "done" | "stopped" | "failed";
  readonly problem?: Problem;
}

/** Everything that the page shows, as signals; every change goes through a function below. */
export const about = signal<About | undefined>(undefined);
export const dataset = signal<DatasetFacts | undefined>(undefined);
export const samples = signal<Images | undefined>(undefined);
export const methods = signal<readonly MethodFacts[]>([]);
/** A network with which a first step on small images comes within a second, on one core. */
const firstNetwork = "convnet:width=32,depth=2";
export const asked = signal<Asked>({
  dataset: "",
  method: "dm",
  ipc: 1,
  seed: 0,
  steps: 300,
  network: firstNetwork,
  settings: {},
});
export const resolved = signal<Resolved | undefined>(undefined);
export const run = signal<ShownRun | undefined>(undefined);
export const step = signal(0);
export const losses = signal<readonly (readonly [step: number, loss: number])[]>([]);
export const pace = signal<number | undefined>(undefined);
export const worth = signal<ReadonlyMap<ScoreSubject, Worth>>(new Map());
export const training = signal<string | undefined>(undefined);
export const distances = signal<readonly Distance[]>([]);
/** Distances over the steps of the run, where they are followed. */
export const readings = signal<readonly { readonly step: number; readonly distances: readonly Distance[] }[]>([]);
export const following = signal(false);
export const projection = signal<Projection | undefined>(undefined);
export const nearest = signal<(Nearest & { readonly image: number }) | undefined>(undefined);
export const kept = signal<Kept | undefined>(undefined);
export const study = signal<StudyFacts | undefined>(undefined);
/** Pictures as they are, or each from its darkest to its brightest. */
export const display = signal<"as is" | "full contrast">("as is");
/** The class that is shown alone. */
export const chosenClass = signal<number | undefined>(undefined);
/** What happened, the newest last. */
export const log = signal<readonly string[]>([]);
const mostLogged = 200;

/** Adds a line to the log. */
export function note(text: string): void {
  log.value = [...log.value, `${new Date().toLocaleTimeString()}  ${text}`].slice(-mostLogged);
}
export const problem = signal<Problem | undefined>(undefined);
/** A step that the reader looks at in place of the newest. */
export const cursor = signal<number | undefined>(undefined);
/** True while a recorded run is shown, before the engine is there. */
export const recorded = signal(false);

export const frames = new Frames();
/** Raised with every frame that comes. */
export const frameCount = signal(0);

/** The frame that is shown: that of the cursor, or the newest. */
export const shown = computed(() => {
  frameCount.value;
  return frames.at(cursor.value ?? Number.POSITIVE_INFINITY);
});

/** The sets that are pinned to compare with. */
export interface Pinned {
  readonly id: string;
  readonly asked: Asked;
  readonly images: Images;
  readonly step: number;
  readonly losses: readonly (readonly [number, number])[];
  readonly accuracies: readonly number[];
}
export const pinned = signal<readonly Pinned[]>([]);

/** The most runs that stand beside one another. */
export const mostPinned = 3;

/** Forgets what belonged to an earlier run. */
export function beginRun(next: ShownRun): void {
  run.value = next;
  frames.clear();
  losses.value = [];
  worth.value = new Map();
  distances.value = [];
  readings.value = [];
  following.value = false;
  nearest.value = undefined;
  training.value = undefined;
  cursor.value = undefined;
  pace.value = undefined;
  step.value = 0;
}

/** Shows a run that the engine had before the page was there. */
export function show(facts: RunFacts, of: Images): void {
  recorded.value = false;
  dataset.value = facts.dataset;
  samples.value = of;
  asked.value = facts.asked;
  beginRun({ id: facts.id, asked: facts.asked, steps: facts.steps, state: facts.state });
  losses.value = facts.losses;
  step.value = facts.step;
  if (!facts.images) return;
  frames.add(facts.step, facts.images);
  frameCount.value++;
}

/** Takes in an event of the run that is shown; those of others are passed over. */
export function take(event: StudioEvent): void {
  if (event.run !== run.value?.id) return;
  switch (event.type) {
    case "run.started":
      run.value = { ...run.value, steps: event.steps, state: "running" };
      note(`${event.run} begins at step ${event.step} of ${event.steps}`);
      return;
    case "step":
      step.value = event.step;
      losses.value = [...losses.value, [event.step, event.loss]];
      pace.value = paceOf(event.seconds);
      return;
    case "frame":
      frames.add(event.step, event.images);
      frameCount.value++;
      return;
    case "run.ended":
      run.value = { ...run.value, state: event.outcome, ...(event.problem && { problem: event.problem }) };
      if (event.problem) problem.value = event.problem;
      note(
        `${event.run} is ${event.outcome} at step ${event.step}${event.problem ? `: ${event.problem.message}` : ""}`,
      );
      return;
    case "reading":
      readings.value = [...readings.value, { step: event.step, distances: event.distances }];
      distances.value = event.distances;
      return;
    case "training":
      training.value = `${subjectNames[event.subject]}: network ${event.network + 1}, epoch ${event.epoch} of ${event.epochs}`;
      return;
    case "score":
      worth.value = new Map(worth.value).set(event.subject, { accuracies: event.accuracies });
      note(
        `trained on ${subjectNames[event.subject]}: ${event.accuracies.map((a) => `${(100 * a).toFixed(1)} %`).join(", ")}`,
      );
      return;
    case "scores.ended":
      training.value = undefined;
      if (event.problem) problem.value = event.problem;
  }
}

/** Steps a second of the latest stretch. */
let stretch: { at: number; step: number } | undefined;
function paceOf(seconds: number): number | undefined {
  if (!stretch || step.value <= stretch.step || seconds < stretch.at) stretch = { at: seconds, step: step.value };
  const passed = seconds - stretch.at;
  if (passed < 1) return pace.value;
  const found = (step.value - stretch.step) / passed;
  if (passed > 5) stretch = { at: seconds, step: step.value };
  return found;
}

export const subjectNames: Readonly<Record<ScoreSubject, string>> = {
  set: "this set",
  random: "random images",
  kmeans: "k-means centres",
  full: "all of T",
};

/** Keeps `resolved` true to what is asked for. */
export function followResolution(engine: Engine): () => void {
  let latest = 0;
  return effect(() => {
    const now = asked.value;
    if (!now.dataset) return;
    const own = ++latest;
    engine.resolve(now).then(
      (found) => {
        if (own === latest) resolved.value = found;
      },
      (error: Problem) => {
        problem.value = { message: error.message, ...(error.hint && { hint: error.hint }) };
      },
    );
  });
}

/** Shows what a call was refused for. */
export const showing =
  <T>(call: () => Promise<T>) =>
  async (): Promise<T | undefined> => {
    problem.value = undefined;
    try {
      return await call();
    } catch (error) {
      const { message, hint } = error as Problem;
      problem.value = { message, ...(hint && { hint }) };
      return undefined;
    }
  };
