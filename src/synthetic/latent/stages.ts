import { tensor } from "../../engine/index.ts";
import type { Generator } from "../../generators/index.ts";
import type { DataSpace, TracedVariables } from "../space.ts";
import { namesOfWeights, nestedWeights } from "./weights.ts";

/** The generator's stages as those of the space, where it has any. */
export function stagedOf(made: Generator, layer: number): Pick<DataSpace, "staged"> {
  const stages = made.stages?.(layer);
  if (!stages || stages.steps.length < 2) return {};
  const { begin, step, end } = stages;
  const weights = (layers: readonly string[]) => namesOfWeights(made, layers);
  const codesOf = (variables: TracedVariables, parts: readonly string[]) =>
    Object.fromEntries(
      parts.map((part) => {
        const [groups, each, ...shape] = variables[part]!.shape as [number, number, ...number[]];
        return [part, variables[part]!.reshape([groups * each, ...shape])];
      }),
    );
  return {
    staged: {
      steps: stages.steps.map((numbers) =>
        Object.fromEntries(Object.entries(numbers).map(([name, own]) => [name, tensor([...own], [own.length])])),
      ),
      reads: {
        begin: begin.parts,
        step: [...step.parts, ...weights(step.layers)],
        end: weights(end.layers),
      },
      begin: (variables) => begin.run(codesOf(variables, begin.parts)),
      step: (variables, state, numbers) =>
        step.run(nestedWeights(variables, step.layers, made), codesOf(variables, step.parts), state, numbers),
      end: (variables, state, groups) =>
        end.run(nestedWeights(variables, end.layers, made), state).reshape([groups, -1, ...made.output]),
    },
  };
}
