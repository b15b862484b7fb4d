import { lax, type Array as Traced } from "@jax-js/jax";

/** An argument of a function and the function's partial derivative in it. */
export type PartialDerivative = readonly [argument: Traced, derivative: Traced];

/**
 * A value whose partial derivatives are known in closed form, where differentiating how it was computed costs more or loses
 * digits. Right to second order, if the derivatives are differentiable themselves. With x₀ the constant x, each argument adds
 *
 *   d₀ (x − x₀) + ½ (d − d₀) (x − x₀),
 *
 * which is zero; a compiled program computes nothing of it (`passes/vanishing.ts`). Shapes broadcast. Consumes everything.
 */
export function givenDerivatives(value: Traced, ...partials: readonly PartialDerivative[]): Traced {
  return partials.reduce((sum, [argument, derivative]) => {
    const moved = argument.ref.sub(lax.stopGradient(argument));
    const slope = lax.stopGradient(derivative.ref);
    const bend = derivative.sub(slope.ref).mul(0.5);
    return sum.add(slope.mul(moved.ref)).add(bend.mul(moved));
  }, lax.stopGradient(value));
}
