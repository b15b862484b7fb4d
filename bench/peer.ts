import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { NamedTensors } from "./namedTensors.ts";
import { TensorFolder } from "./tensorFolder.ts";

/** How to get the peer, in one sentence. */
export const peerHint =
  "To compare with PyTorch, install it (python3 -m venv torch && torch/bin/pip install torch) and name its interpreter: " +
  "ATTAR_PYTHON=torch/bin/python npm run bench.";

/** There is no usable PyTorch; the message says why. */
export class PeerUnavailable extends Error {}

export interface PeerOptions {
  readonly threads: number;
  /** The fastest of PyTorch's variants, see peers/server.py, with {@link keepsMemory}; otherwise PyTorch as it comes. */
  readonly tuned?: boolean;
  /** Timed runs of each variant when a case is loaded. */
  readonly tries?: number;
}

type Reply = Record<string, unknown>;

/** A Python process that runs the bench's cases in PyTorch, one request at a time; see peers/server.py. */
export class Peer {
  readonly name: string;
  readonly version: string;
  private readonly folder = new TensorFolder();

  private constructor(
    private readonly conversation: Conversation,
    hello: Reply,
    private readonly tries: number,
  ) {
    this.name = String(hello.name);
    this.version = String(hello.version);
  }

  /** @throws PeerUnavailable without Python or without PyTorch. */
  static async start({ threads, tuned = false, tries = 2 }: PeerOptions): Promise<Peer> {
    const conversation = new Conversation(tuned ? keepsMemory : {});
    try {
      return new Peer(conversation, await conversation.ask({ op: "hello", threads }), tuned ? tries : 0);
    } catch (error) {
      conversation.end();
      throw error;
    }
  }

  /** Hands over a case's arrays; returns the variant that the peer found fastest. */
  async load(name: string, tensors: NamedTensors): Promise<string> {
    const listing = this.folder.write(tensors);
    const request = { op: "load", case: name, folder: this.folder.path, tensors: listing, tries: this.tries };
    return String((await this.conversation.ask(request)).variant);
  }

  /** One run; milliseconds by the peer's own clock. */
  async run(): Promise<number> {
    return Number((await this.conversation.ask({ op: "run" })).ms);
  }

  /** One run and what it computed. */
  async runAndRead(): Promise<NamedTensors> {
    const results = new TensorFolder();
    try {
      const reply = await this.conversation.ask({ op: "run", save: results.path });
      return results.read(reply.tensors as Record<string, number[]>);
    } finally {
      results.remove();
    }
  }

  /** Milliseconds of one product of two square matrices. */
  async sgemm(size: number): Promise<number> {
    return Number((await this.conversation.ask({ op: "sgemm", size })).ms);
  }

  async peakMemoryBytes(): Promise<number> {
    return Number((await this.conversation.ask({ op: "memory" })).bytes);
  }

  stop(): void {
    this.conversation.end();
    this.folder.remove();
  }
}

/**
 * glibc's allocator gives large blocks back to the system when they are freed, and every activation is faulted in anew.
 * PyTorch's tuning guide recommends an allocator that keeps them; these settings make glibc one.
 */
const keepsMemory = { MALLOC_MMAP_THRESHOLD_: "4294967296", MALLOC_TRIM_THRESHOLD_: "17179869184" };

/** Requests and replies as lines of JSON. */
class Conversation {
  private readonly python: ChildProcessWithoutNullStreams;
  private readonly waiting: { resolve(reply: Reply): void; reject(error: Error): void }[] = [];
  private ended?: Error;

  constructor(environment: Record<string, string>) {
    const interpreter = process.env.ATTAR_PYTHON || "python3";
    this.python = spawn(interpreter, [join(packageRoot(), "bench", "peers", "server.py")], {
      env: { ...environment, ...process.env },
    });
    this.python.stderr.pipe(process.stderr);
    this.python.stdin.on("error", () => {}); // the exit tells
    this.python.on("error", (error) => this.fail(new PeerUnavailable(`${interpreter}: ${error.message}`)));
    this.python.on("exit", (code) => this.fail(new Error(`the PyTorch process ended with code ${code}`)));
    createInterface({ input: this.python.stdout }).on("line", (line) => this.receive(JSON.parse(line) as Reply));
  }

  ask(request: object): Promise<Reply> {
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.python.stdin.write(`${JSON.stringify(request)}\n`);
    });
  }

  end(): void {
    this.python.stdin.end();
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

/** The folder of package.json, above the compiled bench as above its sources. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
