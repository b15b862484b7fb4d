import type { ClassChoice, NumberedChoice } from "../../data/reader.ts";
import type { Hypothesis, Learned, NamedTensors, Position } from "../../hypotheses/index.ts";
import type { Variables } from "../../synthetic/index.ts";
import type { Draw } from "../../tricks/index.ts";
import type { Tensors } from "../state.ts";
import type { StatefulPart } from "../stateful.ts";

/** A step as an objective sees it. */
export interface StepContext {
  /** Steps taken. */
  readonly step: number;
  readonly position: Position;
  /** The variables at which the gradient is taken. */
  readonly variables: Variables;
  /** Classes that the step visits, ascending. */
  readonly active: readonly number[];
  /** The hypotheses of the step, as many as the objective needs, the principal one first. */
  readonly hypotheses: readonly Hypothesis[];
  /** The augmentation of both sides, one draw a class visited; none where the objective augments single images. */
  readonly draws: readonly Draw[];
  /** The slot of a part of the objective that keeps something between steps. */
  readonly slot: (name: string) => Tensors;
  /** The real images of the classes visited, for a reader; absent where the objective reads none. */
  readonly choice?: ClassChoice | NumberedChoice;
}

/**
 * The purpose that S is moved for (§3): views of S and T that are to agree, or a criterion of what is trained on S. The
 * loop knows no more of a method.
 */
export interface Objective {
  /** Variables that are learned beside S and its labels, by name: inner learning rates, temperatures. */
  readonly learned: Readonly<Record<string, Learned>>;
  /** True where a step reads images of T. */
  readonly readsReal: boolean;
  /**
   * The augmentation of images of T: with the draw of their class, which S shares, or each its own way, by the objective
   * itself.
   */
  readonly augments: "class" | "image";
  /** The number of hypotheses of a step. */
  needs(position: Position): number;
  /** Its parts that keep something between steps. */
  readonly stateful?: readonly StatefulPart[];
  /**
   * The loss and its gradient in all variables; of variables with shares of classes, those of the classes visited. `kept`:
   * the slots of its own parts that it has changed.
   */
  evaluate(step: StepContext): Promise<{
    readonly loss: number;
    readonly gradient: Variables;
    readonly kept?: Readonly<Record<string, Tensors>>;
  }>;
  /** Keeps what is learned within bounds, after a step. */
  settle?(learned: NamedTensors): NamedTensors;
  /** The learning rate that a network is to be trained with on S; undefined where not one for all steps is learned. */
  learningRate?(learned: NamedTensors): number | undefined;
  /** Multiply-adds of one evaluation. */
  work(): Promise<number>;
  dispose(): void;
}
