import { AttarError } from "../errors.ts";
import type { TensorData } from "../tensor.ts";

export interface LaneReply {
  id: number;
  error?: string;
  /** The advice that goes with the error. */
  hint?: string;
  outputs?: { data: TensorData; shape: number[] }[];
}

/** The way to a thread, which differs between Node and a browser. */
export interface LaneConnection {
  /** Sends a message; the buffers in `transfer` go over without a copy and are gone here. */
  post(message: object, transfer: ArrayBuffer[]): void;
  /** Tells whether answers are awaited: where that matters, an idle thread must not keep the process alive. */
  busy?(awaited: boolean): void;
  /** Ends the thread. */
  end(): unknown;
}

/** Starts a thread whose ONNX Runtime computes with `intraOpThreads` threads. */
export type StartLane = (
  intraOpThreads: number,
  receive: (reply: LaneReply) => void,
  fail: (error: Error) => void,
) => LaneConnection;

/** One thread with its own ONNX Runtime sessions; it answers requests in the order they came. */
export class Lane {
  private readonly connection: LaneConnection;
  private readonly waiting = new Map<number, { resolve(r: LaneReply): void; reject(e: Error): void }>();
  private next = 0;
  private ended?: Error;

  constructor(start: StartLane, intraOpThreads: number) {
    this.connection = start(
      intraOpThreads,
      (reply) => {
        const waiter = this.waiting.get(reply.id);
        this.waiting.delete(reply.id);
        // A thread that is being ended keeps the process until it is.
        if (this.waiting.size === 0 && !this.ended) this.connection.busy?.(false);
        if (reply.error !== undefined) waiter?.reject(new AttarError("runtime", reply.error, reply.hint, 1));
        else waiter?.resolve(reply);
      },
      (error) => {
        this.ended ??= error;
        for (const w of this.waiting.values()) w.reject(error);
        this.waiting.clear();
      },
    );
    this.connection.busy?.(false);
  }

  /** Ends the thread; what is asked of it afterwards is refused. */
  async end(): Promise<void> {
    this.ended ??= new Error("the execution thread was ended");
    await this.connection.end();
  }

  call(request: object, transfer: ArrayBuffer[] = []): Promise<LaneReply> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.connection.busy?.(true);
      this.connection.post({ id, ...request }, transfer);
    });
  }
}
