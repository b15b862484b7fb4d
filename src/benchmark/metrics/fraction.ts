import { AttarError } from "../../engine/errors.ts";

/**
 * A share in 0..1, as formulas here take accuracies.
 *
 * @throws AttarError "not-a-fraction": a percentage makes eᵅ of these formulas mean nothing, and nothing would warn of it
 */
export function fraction(value: number, name: string): number {
  if (value >= 0 && value <= 1) return value;
  throw new AttarError(
    "not-a-fraction",
    `${name} is ${value}, and accuracies are fractions in 0..1 here`,
    `divide a percentage by 100: ${value / 100}`,
  );
}
