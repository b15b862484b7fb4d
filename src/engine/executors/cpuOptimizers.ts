/**
 * Session options that keep transpositions where a program has them. ONNX Runtime's own pass carries them through reshapes, as
 * transpositions of four axes, for which version 1.30 takes five times as long as for the same one of two.
 */
export const cpuOptimizers = { optimization: { disable_specified_optimizers: "TransposeOptimizer" } } as const;
