/** The x in [low, high] at which an increasing function reaches a value, by halving: to the last digit. */
export function inverse(f: (x: number) => number, value: number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (;;) {
    const middle = a + (b - a) / 2;
    if (!(middle > a && middle < b)) return middle;
    if (f(middle) < value) a = middle;
    else b = middle;
  }
}
