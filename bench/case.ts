import type { Network } from "../src/hypotheses/index.ts";
import type { NamedTensors } from "./namedTensors.ts";

/** A kernel or a step of condensation, made ready for one network: the same for us and for the peer. */
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
  /** The step in a few words: its row in tables. */
  readonly label: string;
  /** What a run computes, as a phrase. */
  readonly title: string;
  /** Groups of results that are states: a run moves them on from the tensors of the same names. */
  readonly states?: readonly string[];
  /** First runs that are compared, 1 where left out: of a step whose momentum starts at zero, it shows in the second only. */
  readonly runs?: number;
  prepare(network: Network): Prepared | Promise<Prepared>;
}
