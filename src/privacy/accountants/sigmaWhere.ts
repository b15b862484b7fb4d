/**
 * The σ at which releases cost an ε, within 1e-5 of it: secants of ln ε over ln σ, nearly a line, kept between a σ that is too
 * small and one that is not.
 *
 * @param guess a σ of about the size, rather too large. @param at ε by σ, falling
 */
export function sigmaWhere(epsilon: number, guess: number, at: (sigma: number) => number): number {
  const log = (sigma: number) => Math.log(at(sigma) / epsilon);
  let [low, high] = [0.7 * guess, guess];
  let [atLow, atHigh] = [log(low), log(high)];
  while (atHigh > 0) {
    [low, atLow, high] = [high, atHigh, 1.1 * high];
    atHigh = log(high);
  }
  while (atLow <= 0) {
    [high, atHigh, low] = [low, atLow, low / 2];
    atLow = log(low);
  }
  for (let i = 0; high / low > 1 + 1e-5 && i < 40; i++) {
    const slope = (Math.log(high) - Math.log(low)) / (atHigh - atLow);
    // A hair to the right of where the line meets ε, so that both ends draw near.
    const meets = Math.exp(Math.log(low) - atLow * slope);
    const next = i % 3 === 2 ? Math.sqrt(low * high) : meets * (1 + 3e-6);
    if (next <= low || next >= high) return high;
    const value = log(next);
    if (value > 0) [low, atLow] = [next, value];
    else [high, atHigh] = [next, value];
    if (Math.abs(value) < 1e-6) return next;
  }
  return high;
}
