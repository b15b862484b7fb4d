import { AttarError } from "../engine/errors.ts";
import type { Asked, Engine, RunFacts, StudioEvent } from "./contract.ts";
import { type RecordedEvent, type Recording, unpacked } from "./recording.ts";

/** Milliseconds between two recorded frames. */
const pause = 120;

/**
 * An engine that computes nothing: it plays a recorded run, with its data, as often as it is asked for. Whatever else is asked is refused.
 *
 * @param every milliseconds from one frame to the next
 */
export function replayOf(recording: Recording, every = pause): Engine {
  const { about, asked: recorded, dataset, events, methods, resolved, samples } = recording;
  const listeners = new Set<(event: StudioEvent) => void>();
  const last = events.findLast((event) => event.type === "run.ended");
  const id = last?.run ?? "recorded";
  let at = 0;
  let playing: ReturnType<typeof setInterval> | undefined;
  let state: RunFacts["state"] = "stopped";
  const tell = (event: StudioEvent) => {
    for (const listener of listeners) listener(event);
  };
  const halt = () => {
    clearInterval(playing);
    playing = undefined;
  };
  /** Tells of what happened up to the next frame. */
  const advance = () => {
    while (at < events.length) {
      const event = events[at++]!;
      tell(live(event));
      if (event.type === "frame") return;
    }
    state = "done";
    halt();
  };
  const play = () => {
    state = "running";
    if (playing) return;
    playing = setInterval(advance, every);
    // After the caller knows the run's name.
    setTimeout(advance);
  };
  const only = () => {
    throw new AttarError("bad-option", "this is a recorded run, which computes nothing", "wait for the engine");
  };
  const own = (run: string) => {
    if (run !== id) throw new AttarError("absent", `there is no run ${run} here`, "start one");
  };
  const same = (asked: Asked) => JSON.stringify(sorted(asked)) === JSON.stringify(sorted(recorded));
  return {
    about: async () => about,
    methods: async () => methods,
    async open(source) {
      if (!("known" in source) || source.known !== dataset.name) only();
      return dataset;
    },
    samples: async () => unpacked(samples),
    resolve: async (asked) =>
      same(asked)
        ? resolved
        : {
            ok: false,
            problem: { message: "this is a recorded run, which computes nothing", hint: "wait for the engine" },
          },
    alternatives: async () => only(),
    warm: async () => undefined,
    async start(asked) {
      if (!same(asked)) only();
      at = 0;
      play();
      return id;
    },
    async newest() {
      if (at === 0) return undefined;
      const seen = events.slice(0, at);
      const frame = seen.findLast((event) => event.type === "frame");
      const losses = seen.flatMap((event) => (event.type === "step" ? [[event.step, event.loss] as const] : []));
      const began = events.find((event) => event.type === "run.started");
      return {
        id,
        asked: recorded,
        dataset,
        step: losses.at(-1)?.[0] ?? 0,
        steps: began?.type === "run.started" ? began.steps : 0,
        state,
        losses,
        ...(frame?.type === "frame" && { images: unpacked(frame.images) }),
      };
    },
    async stop(run) {
      own(run);
      if (!playing) return;
      halt();
      state = "stopped";
      const step = events.slice(0, at).findLast((event) => event.type === "step");
      tell({ type: "run.ended", run: id, step: step?.step ?? 0, outcome: "stopped" });
    },
    async resume(run) {
      own(run);
      if (at < events.length) play();
    },
    score: async () => only(),
    stopScoring: async (run) => own(run),
    guessDrawing: async () => only(),
    guessSample: async () => only(),
    guessPicture: async () => only(),
    distances: async () => only(),
    follow: async () => only(),
    project: async () => only(),
    nearest: async () => only(),
    kept: async () => ({ runs: [], studies: [], reports: [] }),
    openRun: async () => only(),
    study: async () => only(),
    exported: async () => only(),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const live = (event: RecordedEvent): StudioEvent =>
  event.type === "frame" ? { ...event, images: unpacked(event.images) } : event;

/** What is asked for, whatever the order in which it was said. */
const sorted = (asked: Asked) => Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
