/** What a cell costs, measured. All in seconds. */
export interface CellCost {
  /** Of a step. */
  readonly perStep: number;
  /** Of a run beside its steps: compiling, and where S starts. */
  readonly start: number;
  /** Of all networks that are trained on the set and read. */
  readonly scoring: number;
}

/** The steps that fit into so many seconds beside everything else that a cell takes; less than one where none does. */
export const stepsWithin = (seconds: number, { perStep, start, scoring }: CellCost): number =>
  perStep > 0 ? Math.floor((seconds - start - scoring) / perStep) : 0;
