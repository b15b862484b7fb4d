/** The relative distance of two sizes below which accuracies do not tell them apart. */
const fine = 0.1;

/**
 * The number of images a class of a random subset whose networks are as accurate as wanted, near enough: sizes are doubled or halved from
 * `first` until one is above and one below, then halved in between; of the last two the one whose accuracy is nearer.
 *
 * @param wanted accuracy, a fraction
 * @param most images a class that there are
 * @param accuracyOf the accuracy of networks on subsets of a size
 * @returns `most` where even that is not as accurate, 1 where a single image a class is more accurate
 */
export async function equalSubset(
  wanted: number,
  first: number,
  most: number,
  accuracyOf: (ipc: number) => Promise<number>,
): Promise<number> {
  const known = new Map<number, number>();
  const isEnough = async (ipc: number) => {
    if (!known.has(ipc)) known.set(ipc, await accuracyOf(ipc));
    return known.get(ipc)! >= wanted;
  };
  let high = Math.min(first, most);
  let low = high;
  while (!(await isEnough(high))) {
    if (high === most) return most;
    [low, high] = [high, Math.min(most, 2 * high)];
  }
  while (await isEnough(low)) {
    if (low === 1) return 1;
    [low, high] = [Math.max(1, low >> 1), low];
  }
  while (high - low > Math.max(1, fine * low)) {
    const middle = (low + high) >> 1;
    if (await isEnough(middle)) high = middle;
    else low = middle;
  }
  const off = (ipc: number) => Math.abs(known.get(ipc)! - wanted);
  return off(low) < off(high) ? low : high;
}
