import { AttarError, work } from "../../engine/index.ts";
import { paramsOf, vectorOf } from "../../hypotheses/index.ts";
import type { CriterionKind } from "./criterion.ts";

/**
 * How far training on S ends from where training on T went, as a share of the way that T's training took: 1 where S moved
 * nothing (Cazenavette et al. 2022; §5.1.3).
 */
export const parameterDistance: CriterionKind<"parameters"> = {
  reads: "parameters",
  needsTarget: true,
  title: "distance of parameters from an expert's, as a share of the expert's way",
  formula: "‖θ_S − θ*_T‖² / ‖θ₀ − θ*_T‖²",
  reference: "§5.1.3, parameter discrepancy",
  citation: work(
    "G. Cazenavette, T. Wang, A. Torralba, A. A. Efros and J.-Y. Zhu",
    2022,
    "Dataset Distillation by Matching Training Trajectories",
    "CVPR",
  ),
  options: {},
  make: () => ({
    between(trained, { params, target }) {
      if (!target)
        throw new AttarError(
          "bad-combination",
          "a distance of parameters needs hypotheses with a target, which experts give",
          'declare hypotheses { name: "experts" }',
        );
      const [end, start, goal] = [vectorOf(trained), vectorOf(params), vectorOf(target)];
      let [square, way] = [0, 0];
      for (let i = 0; i < end.length; i++) {
        square += (end[i]! - goal[i]!) ** 2;
        way += (start[i]! - goal[i]!) ** 2;
      }
      const gradient = end.map((v, i) => (2 * (v - goal[i]!)) / way);
      return { loss: square / way, gradient: paramsOf(gradient, trained) };
    },
  }),
};
