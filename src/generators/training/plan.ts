import type { RandomKey } from "../../engine/index.ts";
import type { GeneratorTraining, TrainingStage } from "./training.ts";

/** A stage with its steps and its key. */
export interface PlannedStage extends TrainingStage {
  /** Steps of the training taken before it and after it. */
  readonly first: number;
  readonly last: number;
  readonly key: RandomKey;
}

/** The stages of a training of so many steps: one without stages is one stage of all layers. */
export function planned(
  training: GeneratorTraining,
  layers: readonly string[],
  steps: number,
  key: RandomKey,
): PlannedStage[] {
  if (!("stages" in training))
    return [{ name: "training", share: 1, trains: layers, reads: [], training, first: 0, last: steps, key }];
  const whole = training.stages.reduce((sum, { share }) => sum + share, 0);
  let [before, first] = [0, 0];
  return training.stages.map((stage) => {
    before += stage.share;
    const last = Math.round((steps * before) / whole);
    const own = { ...stage, first, last, key: key.fold(stage.name) };
    first = last;
    return own;
  });
}
