/**
 * BEARD's attack efficiency: AE = (mean Tᵢ − T₀) / (max Tᵢ − T₀), of the seconds of attacks and of a clean pass. A column for
 * comparison alone: it is of the machine's clock, and one slow attack decides it.
 *
 * Zhou et al. 2024, BEARD (arXiv 2411.09265); Code/metrics of its repository, here as a fraction.
 *
 * @returns nothing where no attack takes longer than a clean pass
 */
export function attackEfficiency(clean: number, attacks: readonly number[]): number | undefined {
  if (attacks.length === 0) throw new RangeError("an attack efficiency of no attacks");
  const longest = Math.max(...attacks);
  if (!(longest > clean)) return undefined;
  return (attacks.reduce((sum, t) => sum + t, 0) / attacks.length - clean) / (longest - clean);
}
