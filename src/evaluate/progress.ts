/** How far the training of a network has come. */
export interface TrainingProgress {
  /** What it trains on: a method's set, or a rule of coresets. */
  readonly subject: string;
  /** The network, or "teacher" of one that labels what others train on. */
  readonly net: string;
  /** 0 for the first network of its kind. */
  readonly repeat: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
}
