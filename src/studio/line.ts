import type { Call, CallName, Message } from "./calls.ts";
import type { Engine, Problem, StudioEvent } from "./contract.ts";

/** The end of a line to an engine in a worker: a `Worker` of a page, a socket to a server, a port in tests. */
export interface Line {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => unknown) | null;
}

/** A call that was not answered but refused, with the engine's words. */
export class Refused extends Error {
  readonly hint: string | undefined;

  constructor({ message, hint }: Problem) {
    super(message);
    this.hint = hint;
  }
}

interface Waiting {
  readonly answered: (answer: unknown) => void;
  readonly refused: (problem: Problem) => void;
}

/** An engine at the other end of a line. */
export function engineAt(line: Line): Engine {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: StudioEvent) => void>();
  let calls = 0;
  line.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("event" in data) {
      for (const listener of listeners) listener(data.event);
      return;
    }
    const own = waiting.get(data.id);
    waiting.delete(data.id);
    if ("problem" in data) own?.refused(data.problem);
    else own?.answered(data.answer);
  };
  const call =
    <K extends CallName>(name: K) =>
    (...words: Parameters<Engine[K]>) =>
      new Promise<Awaited<ReturnType<Engine[K]>>>((resolve, reject) => {
        const id = ++calls;
        waiting.set(id, {
          answered: (answer) => resolve(answer as Awaited<ReturnType<Engine[K]>>),
          refused: (problem) => reject(new Refused(problem)),
        });
        line.postMessage({ id, name, words } satisfies Call<K>);
      });
  return {
    about: call("about"),
    methods: call("methods"),
    open: call("open"),
    samples: call("samples"),
    resolve: call("resolve"),
    alternatives: call("alternatives"),
    warm: call("warm"),
    start: call("start"),
    newest: call("newest"),
    stop: call("stop"),
    resume: call("resume"),
    score: call("score"),
    stopScoring: call("stopScoring"),
    guessDrawing: call("guessDrawing"),
    guessSample: call("guessSample"),
    guessPicture: call("guessPicture"),
    distances: call("distances"),
    follow: call("follow"),
    project: call("project"),
    nearest: call("nearest"),
    kept: call("kept"),
    openRun: call("openRun"),
    study: call("study"),
    exported: call("exported"),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
