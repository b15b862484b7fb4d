import type { Network } from "../src/hypotheses/index.ts";
import type { NamedTensors } from "./namedTensors.ts";

/** One step of condensation, made ready for one network: the same for us and for the peer. */
export interface Prepared {
  /** What the peer needs to compute the same: the weights as `params.…`, the inputs. */
  readonly tensors: NamedTensors;
  /** One run. Where a step updates its state, the next run goes on from there. */
  run(): Promise<NamedTensors>;
  /** Multiply-adds of the convolutions and products of one run. */
  multiplyAdds(): Promise<number>;
}

/** A case of the bench; its name is also the peer's. */
export interface BenchCase {
  readonly name: string;
  /** What a run computes, as a phrase. */
  readonly title: string;
  /** Relative error at which both sides still count as equal, where it is not the usual one. */
  readonly tolerance?: number;
  prepare(network: Network): Prepared;
}
