import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** There is no usable PyTorch; the message says why. */
export class PeerUnavailable extends Error {}

export type Reply = Record<string, unknown>;

/** Requests to a Python process and its replies, as lines of JSON. */
export class Conversation {
  private readonly python: ChildProcessWithoutNullStreams;
  private readonly waiting: { resolve(reply: Reply): void; reject(error: Error): void }[] = [];
  private ended?: Error;

  /** @param environment on top of this process's own, which wins. */
  constructor(script: string, environment: Readonly<Record<string, string>>) {
    const interpreter = process.env.ATTAR_PYTHON || "python3";
    this.python = spawn(interpreter, [script], { env: { ...environment, ...process.env } });
    this.python.stderr.pipe(process.stderr);
    this.python.stdin.on("error", () => {}); // the exit tells
    this.python.on("error", (error) => this.fail(new PeerUnavailable(`${interpreter}: ${error.message}`)));
    this.python.on("exit", (code, signal) => this.fail(new Error(`the PyTorch process ended with ${signal ?? code}`)));
    createInterface({ input: this.python.stdout }).on("line", (line) => this.receive(JSON.parse(line) as Reply));
  }

  ask(request: object): Promise<Reply> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.python.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  /** Lets the process end once it has answered. */
  end(): void {
    this.python.stdin.end();
  }

  /** Ends the process whatever it is doing. */
  kill(): void {
    this.python.kill("SIGKILL");
  }

  private receive(reply: Reply): void {
    if (reply.unavailable !== undefined) {
      this.fail(new PeerUnavailable(String(reply.unavailable)));
      return;
    }
    const waiter = this.waiting.shift();
    if (reply.error !== undefined) waiter?.reject(new Error(`PyTorch: ${reply.error}`));
    else waiter?.resolve(reply);
  }

  private fail(error: Error): void {
    this.ended ??= error;
    for (const waiter of this.waiting.splice(0)) waiter.reject(this.ended);
  }
}
