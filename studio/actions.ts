import type {
  Alternative,
  Answer,
  DatasetSource,
  Engine,
  ExportKind,
  Images,
  RunFacts,
  ScoreSubject,
} from "../src/studio/contract.ts";
import { linkOf } from "./state/link.ts";
import { saveFile } from "./state/saveFile.ts";
import {
  about,
  asked,
  beginRun,
  chosenClass,
  dataset,
  distances,
  following,
  kept,
  nearest,
  problem,
  projection,
  recorded,
  resolved,
  run,
  samples,
  show,
  showing,
  study,
  training,
  worth,
} from "./state/store.ts";

/** Networks that are trained on every subject. */
const networks = 1;

/** Epochs of these networks: on a hundred images in a page, seconds. */
const epochs = 100;

/** Samples of each class of T that are shown. */
const samplesShown = 10;

/** What a person can do in the page. */
export interface Actions {
  open(source: DatasetSource): Promise<void>;
  start(): Promise<void>;
  stop(): void;
  resume(): void;
  /** Takes one step. */
  step(): void;
  score(subjects: readonly ScoreSubject[]): void;
  stopScoring(): void;
  guessDrawing(ink: Float32Array, side: number): Promise<Answer | undefined>;
  guessSample(index: number): Promise<(Answer & { label: number }) | undefined>;
  guessPicture(picture: Images): Promise<Answer | undefined>;
  /** The parts that may take a slot of what is asked for. */
  alternatives(slot: string): Promise<readonly Alternative[]>;
  saveRecord(): void;
  measure(): void;
  follow(on: boolean): void;
  findNearest(image: number): void;
  /** Looks again at what is kept. */
  look(): void;
  openRun(id: string): void;
  /** Shows a run that the engine has. */
  showRun(facts: RunFacts): Promise<void>;
  openStudy(id: string): void;
  save(kind: ExportKind): void;
  copyCommand(): void;
  copyLink(): void;
}

/** The link to what is asked for; data of one's own have no name in it. */
const ownLink = () => {
  const name = dataset.value?.name ?? "";
  const known = about.value?.datasets.includes(name) && name !== usual;
  return linkOf({ ...asked.value, ...(known && { data: name }) });
};

/** The dataset of a page that names none. */
export const usual = "digits";

/** The actions of a page on its engine; what is refused is shown. */
export function actionsOn(engine: Engine): Actions {
  const id = () => run.value?.id ?? "";
  const copy = (text: string) => showing(() => navigator.clipboard.writeText(text))();
  /** Fits the projection of a dataset; where it cannot be, of two samples say, there is none. */
  const project = (data: string) => {
    projection.value = undefined;
    engine.project(data).then(
      (found) => {
        if (dataset.value?.id === data) projection.value = found;
      },
      () => undefined,
    );
  };
  /** Goes on with the run; it counts as under way from here on, so that nobody asks twice. */
  const goOn = async (steps?: number) => {
    const before = run.value;
    if (!before) return;
    run.value = { ...before, state: "running" };
    const asked = await showing(() => engine.resume(before.id, steps).then(() => true))();
    if (!asked) run.value = before;
  };
  const showRun = async (facts: RunFacts) => {
    show(facts, await engine.samples(facts.dataset.id, "train", samplesShown));
    project(facts.dataset.id);
  };
  return {
    open: async (source) => {
      await showing(async () => {
        const facts = await engine.open(source);
        dataset.value = facts;
        samples.value = await engine.samples(facts.id, "train", samplesShown);
        chosenClass.value = undefined;
        project(facts.id);
        asked.value = { ...asked.value, dataset: facts.id };
      })();
    },
    start: async () => {
      await showing(async () => {
        const now = asked.value;
        if (run.value?.state === "running") await engine.stop(run.value.id);
        const next = await engine.start(now);
        recorded.value = false;
        beginRun({ id: next, asked: now, steps: now.steps ?? 0, state: "running" });
        history.replaceState(null, "", `#${ownLink()}`);
      })();
    },
    stop: () => void showing(() => engine.stop(id()))(),
    resume: () => void goOn(),
    step: () => void goOn(1),
    score: (subjects) =>
      void showing(async () => {
        worth.value = new Map();
        training.value = "beginning";
        try {
          await engine.score(id(), subjects, networks, epochs);
        } catch (error) {
          training.value = undefined;
          throw error;
        }
      })(),
    stopScoring: () => void showing(() => engine.stopScoring(id()))(),
    guessDrawing: (ink, side) => showing(() => engine.guessDrawing(id(), ink, side))(),
    guessSample: (index) => showing(() => engine.guessSample(id(), index))(),
    guessPicture: (picture) => showing(() => engine.guessPicture(id(), picture))(),
    follow: (on) =>
      void showing(async () => {
        following.value = on;
        await engine.follow(id(), on);
      })(),
    alternatives: async (slot) => (await showing(() => engine.alternatives(asked.value, slot))()) ?? [],
    saveRecord: () => {
      const found = resolved.value;
      if (found?.ok && found.record) saveFile(`${asked.value.method}-changed.json`, found.record, "application/json");
    },
    findNearest: (image) =>
      void showing(async () => {
        nearest.value = { ...(await engine.nearest(id(), image)), image };
      })(),
    look: () =>
      void showing(async () => {
        kept.value = await engine.kept();
      })(),
    openRun: (name) =>
      void showing(async () => {
        await showRun(await engine.openRun(name));
      })(),
    showRun: async (facts) => {
      await showing(() => showRun(facts))();
    },
    openStudy: (name) =>
      void showing(async () => {
        study.value = await engine.study(name);
      })(),
    measure: () =>
      void showing(async () => {
        distances.value = await engine.distances(id());
      })(),
    save: (kind) =>
      void showing(async () => {
        const { name, bytes } = await engine.exported(id(), kind);
        saveFile(name, bytes);
      })(),
    copyCommand: () => {
      const found = resolved.value;
      if (found?.ok) copy(found.command);
      else problem.value = { message: "there is no command for what cannot be run" };
    },
    copyLink: () => {
      copy(`${location.href.split("#")[0]}#${ownLink()}`);
    },
  };
}
