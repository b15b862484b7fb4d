import { numpy as np } from "@jax-js/jax";
import type { Stage, StageMaker } from "./stage.ts";

/** Stages one after the other, each made for the previous one's output. */
export function sequential(...makers: readonly StageMaker[]): StageMaker {
  return (input) => {
    const stages: Stage[] = [];
    let output = input;
    for (const make of makers) {
      const stage = make(output);
      stages.push(stage);
      output = stage.output;
    }
    return {
      ...joined(stages),
      output,
      apply: (params, x, pass) => stages.reduce((y, stage) => stage.apply(params, y, pass), x),
    };
  };
}

/** Two paths over the same input, added up: `main(x) + shortcut(x)`. */
export function residual(main: StageMaker, shortcut: StageMaker): StageMaker {
  return (input) => {
    const [a, b] = [main(input), shortcut(input)];
    return {
      ...joined([a, b]),
      output: a.output,
      apply: (params, x, pass) => np.add(a.apply(params, x.ref, pass), b.apply(params, x, pass)),
    };
  };
}

function joined(stages: readonly Stage[]): Pick<Stage, "parameters" | "statistics"> {
  return {
    parameters: Object.assign({}, ...stages.map((s) => s.parameters)),
    statistics: Object.assign({}, ...stages.map((s) => s.statistics)),
  };
}
