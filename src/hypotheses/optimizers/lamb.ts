import { type HostAdamOptions, hostAdaptive } from "./adam.ts";
import type { HostOptimizer } from "./hostOptimizer.ts";

/** LAMB (You et al. 2020) on the host: Adam whose step of a variable has the norm of the variable itself; ε is 1e-6. */
export const hostLamb = (options: HostAdamOptions = {}): HostOptimizer =>
  hostAdaptive(
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-6, ...options },
    { deviation: (gradient) => gradient, trust: shareOfNorms },
  );

/** ‖x‖ / ‖step‖, 1 where either is 0. */
function shareOfNorms(x: Float32Array, step: Float64Array): number {
  const square = (v: Float32Array | Float64Array) => (v as Float32Array).reduce((sum, e) => sum + e * e, 0);
  const [own, other] = [square(x), square(step)];
  return own > 0 && other > 0 ? Math.sqrt(own / other) : 1;
}
