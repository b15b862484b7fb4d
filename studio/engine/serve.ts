import { type Call, callOn, type Message } from "../api/calls.ts";
import type { Engine } from "../api/contract.ts";
import type { Line } from "../api/local.ts";
import { problemOf } from "./facts.ts";

/** Answers the calls of a line by an engine, and sends its events. */
export function serveOn(line: Line, engine: Engine): void {
  const send = (message: Message) => line.postMessage(message);
  engine.listen((event) => send({ event }));
  line.onmessage = ({ data }: MessageEvent<Call>) => {
    callOn(engine, data).then(
      (answer) => send({ id: data.id, answer }),
      (error) => send({ id: data.id, problem: problemOf(error) }),
    );
  };
}
