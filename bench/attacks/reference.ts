import { join } from "node:path";
import type { Norm, Points } from "../../src/attacks/index.ts";
import { tensor } from "../../src/engine/index.ts";
import type { Network, Params } from "../../src/hypotheses/index.ts";
import { Conversation } from "../conversation.ts";
import { named } from "../namedTensors.ts";
import { packageRoot } from "../peer.ts";
import { TensorFolder } from "../tensorFolder.ts";

/** A network with its weights, and the mean and deviation of the pixels that it sees. */
export interface Attacked {
  readonly network: Network;
  readonly params: Params;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The authors' implementation in a process of its own, on as many threads. */
export class Reference {
  private readonly conversation: Conversation;
  private readonly folder = new TensorFolder();

  private constructor(
    conversation: Conversation,
    readonly pytorch: string,
  ) {
    this.conversation = conversation;
  }

  /** @throws PeerUnavailable without Python, PyTorch or auto-attack */
  static async start(threads: number): Promise<Reference> {
    const conversation = new Conversation(join(packageRoot(), "bench/attacks/reference.py"), {});
    try {
      return new Reference(conversation, String((await conversation.ask({ op: "hello", threads })).version));
    } catch (error) {
      conversation.end();
      throw error;
    }
  }

  /** Hands over a ConvNet of three blocks and images. @returns 1 for each image that it classifies rightly */
  async load({ network, params, mean, std }: Attacked, { images, labels }: Points): Promise<readonly number[]> {
    const tensors = this.folder.write({
      ...named("net", params),
      images: tensor(Float32Array.from(images), [labels.length, ...network.input]),
      labels: tensor(labels),
      mean: tensor(mean),
      std: tensor(std),
    });
    const { width } = network.spec.options;
    return (await this.ask({ op: "load", folder: this.folder.path, tensors, width })).right as number[];
  }

  /** @returns 1 for each image that withstands the standard AutoAttack, and the seconds that it took */
  async ensemble(norm: Norm, radius: number, seed: number): Promise<{ right: readonly number[]; seconds: number }> {
    return (await this.ask({ op: "ensemble", norm, radius, seed })) as { right: number[]; seconds: number };
  }

  /** Auto-PGD up the cross-entropy from the images themselves, of some of them. */
  async apgd(radius: number, steps: number, begin: number, end: number) {
    return (await this.ask({ op: "apgd", radius, steps, begin, end })) as { seconds: number; loss: number[] };
  }

  end(): void {
    this.conversation.end();
    this.folder.remove();
  }

  private ask(request: object) {
    return this.conversation.ask(request);
  }
}
