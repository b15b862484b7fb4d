import type { Engine, Problem, StudioEvent } from "./contract.ts";

/** The calls that travel between a page and its worker. */
export type CallName = Exclude<keyof Engine, "listen">;

/** A call on its way, with the number by which its answer is found. */
export interface Call<K extends CallName = CallName> {
  readonly id: number;
  readonly name: K;
  readonly words: Parameters<Engine[K]>;
}

/** What comes back: an answer, a problem, or an event. */
export type Message =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly problem: Problem }
  | { readonly event: StudioEvent };

/** Makes a call of an engine. */
export const callOn = <K extends CallName>(engine: Engine, { name, words }: Call<K>): ReturnType<Engine[K]> =>
  calls[name](engine, words);

/** Tells whether something that came over a line is a call by its form; its words are checked where they are used. */
export function isCall(value: unknown): value is Call {
  if (typeof value !== "object" || value === null) return false;
  const { id, name, words } = value as Partial<Record<keyof Call, unknown>>;
  return Number.isSafeInteger(id) && typeof name === "string" && Object.hasOwn(calls, name) && Array.isArray(words);
}

/** Each call by its name: the type of its words and of its answer go together. */
const calls: { readonly [K in CallName]: (engine: Engine, words: Parameters<Engine[K]>) => ReturnType<Engine[K]> } = {
  about: (engine) => engine.about(),
  methods: (engine) => engine.methods(),
  open: (engine, words) => engine.open(...words),
  samples: (engine, words) => engine.samples(...words),
  resolve: (engine, words) => engine.resolve(...words),
  alternatives: (engine, words) => engine.alternatives(...words),
  warm: (engine) => engine.warm(),
  start: (engine, words) => engine.start(...words),
  newest: (engine) => engine.newest(),
  stop: (engine, words) => engine.stop(...words),
  resume: (engine, words) => engine.resume(...words),
  score: (engine, words) => engine.score(...words),
  stopScoring: (engine, words) => engine.stopScoring(...words),
  guessDrawing: (engine, words) => engine.guessDrawing(...words),
  guessSample: (engine, words) => engine.guessSample(...words),
  guessPicture: (engine, words) => engine.guessPicture(...words),
  follow: (engine, words) => engine.follow(...words),
  project: (engine, words) => engine.project(...words),
  nearest: (engine, words) => engine.nearest(...words),
  kept: (engine) => engine.kept(),
  openRun: (engine, words) => engine.openRun(...words),
  study: (engine, words) => engine.study(...words),
  distances: (engine, words) => engine.distances(...words),
  exported: (engine, words) => engine.exported(...words),
};
