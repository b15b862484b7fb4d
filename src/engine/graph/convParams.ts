/** The parameters of a `conv` node, as jax-js writes them; padding may be negative. */
export interface ConvParams {
  /** Leading axes of both inputs that are mapped over. */
  vmapDims: number;
  strides: number[];
  padding: [number, number][];
  lhsDilation: number[];
  rhsDilation: number[];
}
