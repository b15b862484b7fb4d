import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Conversation, type Reply } from "./conversation.ts";
import type { NamedTensors } from "./namedTensors.ts";
import type { AxisValues, PeerVariant } from "./peerVariant.ts";
import { type Listing, TensorFolder } from "./tensorFolder.ts";

export { PeerUnavailable } from "./conversation.ts";

/** How to get the peer, in one sentence. */
export const peerHint =
  "To compare with PyTorch, install it (python3 -m venv torch && torch/bin/pip install torch) and name its interpreter: " +
  "ATTAR_PYTHON=torch/bin/python npm run bench.";

export interface PeerOptions {
  readonly threads: number;
  /** Settings of the process, such as its allocator's. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Another program than peers/server.py that answers as it does. */
  readonly script?: string;
}

/** Compilation in the process itself: no pool of compilers is left behind. */
const compilesAlone = { TORCHINDUCTOR_COMPILE_THREADS: "1" };

/** A Python process that runs the bench's cases in PyTorch, one request at a time; see peers/server.py. */
export class Peer {
  readonly name: string;
  readonly version: string;
  readonly python: string;
  private readonly folder = new TensorFolder();

  private constructor(
    private readonly conversation: Conversation,
    hello: Reply,
  ) {
    this.name = String(hello.name);
    this.version = String(hello.version);
    this.python = String(hello.python);
  }

  /** @throws PeerUnavailable without Python or without PyTorch. */
  static async start({ threads, environment = {}, script = peerScript() }: PeerOptions): Promise<Peer> {
    const conversation = new Conversation(script, { ...environment, ...compilesAlone });
    try {
      return new Peer(conversation, await conversation.ask({ op: "hello", threads }));
    } catch (error) {
      conversation.end();
      throw error;
    }
  }

  /** The axes along which a case can be tuned within a process. */
  async options(name: string): Promise<AxisValues> {
    return (await this.conversation.ask({ op: "options", case: name })).options as AxisValues;
  }

  /** Hands over a case's arrays; the case starts anew, run in the given variant. */
  async load(name: string, tensors: NamedTensors, { allocator: _, ...variant }: PeerVariant): Promise<void> {
    const listing = this.folder.write(tensors);
    await this.conversation.ask({ op: "load", case: name, folder: this.folder.path, tensors: listing, variant });
  }

  /** Milliseconds of a short run of what is loaded, the first left out, the median of up to three within `milliseconds`. */
  async trial(milliseconds: number): Promise<number> {
    return Number((await this.conversation.ask({ op: "trial", milliseconds })).ms);
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
      return results.read(reply.tensors as Listing);
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

  /** Stops the process in the middle of a request. */
  kill(): void {
    this.conversation.kill();
    this.folder.remove();
  }
}

/** The program that runs the cases. */
export const peerScript = (): string => join(packageRoot(), "bench", "peers", "server.py");

/** The folder of package.json, above the compiled bench as above its sources. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
}
