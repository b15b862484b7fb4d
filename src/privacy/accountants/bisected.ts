/**
 * The least x in (low, high] at which something holds that holds at `high`, at all above it, and not at `low`: to the last
 * bit, from above, so that it holds there.
 *
 * @param within a relative error that is enough
 */
export function bisected(holds: (x: number) => boolean, low: number, high: number, within = 0): number {
  let [no, yes] = [low, high];
  for (;;) {
    const middle = (no + yes) / 2;
    if (middle <= no || middle >= yes || yes - no <= within * yes) return yes;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
}
