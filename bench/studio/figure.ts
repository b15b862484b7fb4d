/** A figure of the page beside what is aimed at. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly aim: number;
  readonly better: "lower" | "higher";
}

/** Takes in a figure, and tells it. */
export type Tell = (what: string, value: number, unit: string, aim: number, better?: Figure["better"]) => void;

export const isMet = ({ value, aim, better }: Figure): boolean => (better === "lower" ? value <= aim : value >= aim);
