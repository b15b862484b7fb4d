import type { Position } from "../../hypotheses/index.ts";
import type { Variables } from "../../synthetic/index.ts";
import type { Objective, StepContext } from "./objective.ts";

/** Two objectives without variables of their own, added up. */
export function summed(a: Objective, b: Objective): Objective {
  return {
    learned: { ...a.learned, ...b.learned },
    readsReal: a.readsReal || b.readsReal,
    augments: a.augments,
    stateful: [...(a.stateful ?? []), ...(b.stateful ?? [])],
    needs: (position: Position) => Math.max(a.needs(position), b.needs(position)),
    async evaluate(step: StepContext) {
      const [first, second] = [await a.evaluate(step), await b.evaluate(step)];
      return {
        loss: first.loss + second.loss,
        gradient: sumByName(first.gradient, second.gradient),
        kept: { ...first.kept, ...second.kept },
      };
    },
    settle: (learned) => ({ ...a.settle?.(learned), ...b.settle?.(learned) }),
    learningRate: (learned) => a.learningRate?.(learned) ?? b.learningRate?.(learned),
    work: async () => (await a.work()) + (await b.work()),
    dispose() {
      a.dispose();
      b.dispose();
    },
  };
}

/** Gradients added up where both have one. */
export const sumByName = (all: Variables, some: Variables): Variables => ({
  ...all,
  ...Object.fromEntries(Object.entries(some).map(([name, t]) => [name, all[name] ? all[name].plus(t) : t])),
});
