/**
 * Positions drawn with replacement by weight, one for every number u in [0, 1): the first position up to which the weights add
 * up to more than the share u of their sum.
 */
export function drawnByWeight(weights: Float64Array, numbers: ArrayLike<number>): Int32Array {
  const running = new Float64Array(weights.length);
  let sum = 0;
  weights.forEach((weight, i) => {
    sum += weight;
    running[i] = sum;
  });
  return Int32Array.from(numbers, (u) => {
    let [low, high] = [0, running.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (running[middle]! > u * sum) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}
