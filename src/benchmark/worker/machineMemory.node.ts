/** The share of what is free that jobs get where nobody says how much. */
const share = 0.8;

/**
 * Bytes that jobs may take together on this machine: four fifths of what is free when it is asked, within the limit of a container.
 *
 * @param of where the numbers are from
 */
export function machineMemory(of: { availableMemory(): number; constrainedMemory(): number } = process): number {
  const [free, limit] = [of.availableMemory(), of.constrainedMemory()];
  // Without a container the limit is nought, or larger than any machine's memory.
  return Math.floor(share * (limit > 0 ? Math.min(free, limit) : free));
}
