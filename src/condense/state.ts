/** All that a run is at a step boundary; everything else is a function of the configuration and the step. */
export interface State {
  /** Steps taken. */
  readonly step: number;
  /** [classes · ipc, C, H, W], class-major. */
  readonly images: Float32Array;
  /** Momentum of the images, the same shape. */
  readonly velocity: Float32Array;
  /** Samples at a time on the real side: part of the state because rounding depends on it. */
  readonly chunk: number;
  /** Largest loss of the first steps, 0 before them: what the divergence guard holds later losses against. */
  readonly earlyLoss: number;
}
