import { flag, integer, number, type Tensor, tensor, work } from "../../engine/index.ts";
import { convexified } from "./convexified.ts";
import { atMostNormOf } from "./gradientNorm.ts";
import { declareSolver } from "./solver.ts";

/**
 * Convexified implicit gradients (Loo et al. 2023; §5.1.1): training on S of a network linear in its parameters, the last layer
 * in closed form, and the derivative through both.
 */
export const convexifiedSolver = declareSolver({
  yields: "predictor",
  title: "training on S of the linearised network, implicit differentiation",
  reference: "§5.1.1, convexified implicit gradients",
  citation: work(
    "N. Loo, R. Hasani, M. Lechner and D. Rus",
    2023,
    "Dataset Distillation with Convexified Implicit Gradients",
    "ICML",
  ),
  options: {
    ridge: number(5e-4, 0, undefined, "weight of the squared norm in the inner loss, times the images of S"),
    iterations: integer(20, 1, undefined, "conjugate gradient steps of the inner problem"),
    inverse: integer(20, 0, undefined, "conjugate gradient steps of the inverse Hessian; 0 for no implicit part"),
    bounded: flag(true, "whether the implicit part of the derivative is cut to the norm of the direct one"),
  },
  make(options, { network, classes, imagesPerClass, loss }) {
    const { ridge, iterations, inverse } = options;
    const count = classes * imagesPerClass;
    const solver = convexified(network, {
      ridge: ridge * count,
      loss,
      inner: { iterations, tolerance: 1e-4 },
      inverse: { iterations: inverse, tolerance: 1e-4 },
    });
    const total = (direct: Tensor, implicit: Tensor): Tensor => {
      const [a, b] = [direct.data as Float32Array, implicit.data as Float32Array];
      const own = options.bounded ? atMostNormOf(b, a) : b;
      return tensor(
        a.map((v, i) => v + own[i]!),
        direct.shape,
      );
    };
    return {
      yields: "predictor",
      learned: {},
      async lossAndGradient({ data, hypothesis }, real, learned) {
        const fit = await solver.fit(hypothesis.params, data);
        const { direct, implicit, ...rest } = await solver.lossAndGradient(fit, real, learned);
        return {
          loss: rest.loss,
          learned: rest.learned,
          images: total(direct.images, implicit.images),
          labels: total(direct.labels, implicit.labels),
        };
      },
      // A product with J takes two passes, one with Jᵀ three; T is seen along u and back.
      multiplyAdds: (pass, real) => pass * (count * (5 * (iterations + inverse + 2) + 15) + 5 * real),
      dispose: () => solver.dispose(),
    };
  },
});
