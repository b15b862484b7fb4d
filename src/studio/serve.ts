import { callOn, isCall, type Message } from "./calls.ts";
import type { Engine } from "./contract.ts";
import { problemOf } from "./facts.ts";
import type { Line } from "./line.ts";

/**
 * Answers the calls of a line by an engine, and sends its events. What is no call is passed over.
 *
 * @returns the end of it
 */
export function serveOn(line: Line, engine: Engine): () => void {
  const send = (message: Message) => line.postMessage(message);
  line.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (!isCall(data)) return;
    callOn(engine, data).then(
      (answer) => send({ id: data.id, answer }),
      (error) => send({ id: data.id, problem: problemOf(error) }),
    );
  };
  return engine.listen((event) => send({ event }));
}
