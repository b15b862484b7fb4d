import { type HostAdamOptions, hostAdaptive } from "./adam.ts";
import type { HostOptimizer } from "./hostOptimizer.ts";

/**
 * AdaBelief (Zhuang et al. 2020) on the host: Adam whose second mean is of squares of what the gradient differs from its mean by;
 * ε is 1e-16.
 */
export const hostAdabelief = (options: HostAdamOptions = {}): HostOptimizer =>
  hostAdaptive(
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-16, ...options },
    { deviation: (gradient, mean) => gradient - mean, trust: () => 1 },
  );
