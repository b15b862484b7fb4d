import { Pace } from "../../engine/index.ts";

/**
 * WM_∞(a, b) = inf over couplings of the largest distance over which mass moves: the least t for which mass can be
 * coupled along pairs no farther apart than t. Bisection over the sorted distances; feasibility is a maximum flow
 * (Dinic), kept from one smaller t to the next larger.
 *
 * @param distances [n, m], row-major. @param a n weights. @param b m weights; each of sum 1.
 */
export async function bottleneckDistance(
  distances: Float64Array,
  a: Float64Array,
  b: Float64Array,
  pace = new Pace(),
): Promise<number> {
  const n = a.length;
  const m = b.length;
  // No coupling beats every point's nearest counterpart: the Hausdorff distance of the supports.
  let least = 0;
  const nearest = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < n; i++) {
    let own = Number.POSITIVE_INFINITY;
    for (let j = 0; j < m; j++) {
      const d = distances[i * m + j]!;
      if (d < own) own = d;
      if (d < nearest[j]!) nearest[j] = d;
    }
    if (own > least) least = own;
  }
  for (const d of nearest) if (d > least) least = d;
  const levels = distances.filter((d) => d >= least).sort();
  const flow = new ThresholdFlow(distances, a, b);
  let low = 0;
  let high = levels.length - 1;
  let kept = new Float64Array(n * m);
  while (low < high) {
    // A flow takes some passes over all pairs.
    if (pace.spent(10 * n * m)) await pace.pause();
    const middle = (low + high) >>> 1;
    const trial = kept.slice();
    if (flow.reaches(levels[middle]!, trial)) high = middle;
    else {
      low = middle + 1;
      kept = trial;
    }
  }
  return levels[low]!;
}

/** Mass that may be missing where a flow counts as complete: rounding of the weights. */
const missing = 1e-12;

class ThresholdFlow {
  private readonly n: number;
  private readonly m: number;
  private readonly level: Int32Array;
  private readonly at: Int32Array;
  private readonly left: Float64Array;
  private readonly right: Float64Array;

  constructor(
    private readonly distances: Float64Array,
    private readonly a: Float64Array,
    private readonly b: Float64Array,
  ) {
    this.n = a.length;
    this.m = b.length;
    this.level = new Int32Array(this.n + this.m);
    this.at = new Int32Array(this.n + this.m);
    this.left = new Float64Array(this.n);
    this.right = new Float64Array(this.m);
  }

  /** Tells whether all mass fits on pairs within `threshold`; `flow` [n, m] is where it starts and becomes the largest flow. */
  reaches(threshold: number, flow: Float64Array): boolean {
    const { n, m, left, right } = this;
    left.set(this.a);
    right.set(this.b);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        const f = flow[i * m + j]!;
        if (f === 0) continue;
        left[i] = Math.max(0, left[i]! - f);
        right[j] = Math.max(0, right[j]! - f);
      }
    const open = (i: number, j: number) => this.distances[i * m + j]! <= threshold;
    for (;;) {
      let waiting = 0;
      for (let i = 0; i < n; i++) waiting += left[i]!;
      if (waiting <= missing) return true;
      if (!this.layers(open, flow)) return false;
      this.at.fill(0);
      for (let i = 0; i < n; i++) {
        while (left[i]! > missing / n) {
          const pushed = this.push(i, left[i]!, open, flow);
          if (pushed === 0) break;
          left[i] = left[i]! - pushed;
        }
      }
    }
  }

  /** Breadth-first layers of the residual graph; false where no atom of b with room is in reach. */
  private layers(open: (i: number, j: number) => boolean, flow: Float64Array): boolean {
    const { n, m, level, left, right } = this;
    level.fill(-1);
    let front: number[] = [];
    for (let i = 0; i < n; i++)
      if (left[i]! > missing / n) {
        level[i] = 0;
        front.push(i);
      }
    let found = false;
    while (front.length > 0 && !found) {
      const columns: number[] = [];
      for (const i of front)
        for (let j = 0; j < m; j++)
          if (level[n + j]! < 0 && open(i, j)) {
            level[n + j] = level[i]! + 1;
            columns.push(j);
            if (right[j]! > missing / m) found = true;
          }
      front = [];
      if (!found)
        for (const j of columns)
          for (let i = 0; i < n; i++)
            if (level[i]! < 0 && flow[i * m + j]! > 0) {
              level[i] = level[n + j]! + 1;
              front.push(i);
            }
    }
    return found;
  }

  /** Pushes at most `most` from atom i towards room in b along the layers; returns what arrived. */
  private push(i: number, most: number, open: (i: number, j: number) => boolean, flow: Float64Array): number {
    const { n, m, level, at, right } = this;
    for (; at[i]! < m; at[i] = at[i]! + 1) {
      const j = at[i]!;
      if (level[n + j] !== level[i]! + 1 || !open(i, j)) continue;
      if (right[j]! > missing / m) {
        const mass = Math.min(most, right[j]!);
        right[j] = right[j]! - mass;
        flow[i * m + j] = flow[i * m + j]! + mass;
        return mass;
      }
      for (; at[n + j]! < n; at[n + j] = at[n + j]! + 1) {
        const k = at[n + j]!;
        const back = flow[k * m + j]!;
        if (level[k] !== level[n + j]! + 1 || back <= 0) continue;
        const mass = this.push(k, Math.min(most, back), open, flow);
        if (mass === 0) continue;
        flow[k * m + j] = back - mass;
        flow[i * m + j] = flow[i * m + j]! + mass;
        return mass;
      }
    }
    return 0;
  }
}
