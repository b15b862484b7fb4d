import { AttarError, Pace } from "../../engine/index.ts";

/** An optimal transport plan between two discrete measures of n and m atoms. */
export interface TransportPlan {
  /** Σ_ij C_ij γ_ij. */
  readonly cost: number;
  /** Atoms joined and the mass between them: at most n + m − 1 positive entries of γ. */
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly mass: Float64Array;
  /** Dual potentials: u_i + v_j <= C_ij for all i, j. */
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** cost − (Σ a_i u_i + Σ b_j v_j), which bounds the distance from the optimum. */
  readonly gap: number;
}

/** Reduced costs above −tolerance · max C count as non-negative. */
const tolerance = 1e-13;

/**
 * min_γ Σ C_ij γ_ij over couplings γ of a and b, by the network simplex method: a spanning tree is the basis, a pivot
 * pushes mass round the cycle that one arc closes. Trees are kept strongly feasible (Cunningham 1976), so degenerate
 * pivots, which assignment problems are full of, cannot cycle; arcs are priced in blocks of about √(n m).
 *
 * @param cost [n, m], row-major. @param a n weights. @param b m weights of the same sum; all non-negative.
 * @param pace of the pivots, which take seconds for thousands of points
 */
export async function transportPlan(
  cost: Float64Array,
  a: Float64Array,
  b: Float64Array,
  pace = new Pace(),
): Promise<TransportPlan> {
  const tree = new SpanningTree(cost, a, b);
  await tree.optimise(pace);
  return tree.plan();
}

/**
 * Nodes are the atoms of a, the atoms of b, and a root that trades with every atom at a prohibitive price. What is
 * stored for a node belongs to the arc to its parent.
 */
class SpanningTree {
  private readonly n: number;
  private readonly m: number;
  private readonly root: number;
  private readonly worst: number;
  private readonly parent: Int32Array;
  /** i m + j for the arc from atom i to atom j; −1 for an arc of the root. */
  private readonly arc: Int32Array;
  /** 1 where the arc leads from the node to its parent. */
  private readonly upward: Uint8Array;
  private readonly flow: Float64Array;
  private readonly depth: Int32Array;
  /** C_ij + π_i − π_j is zero on the tree. */
  private readonly potential: Float64Array;
  private readonly child: Int32Array;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  private readonly stack: Int32Array;
  /** The row where pricing goes on. */
  private cursor = 0;
  /** The number of arcs that the last pricing looked at. */
  private priced = 0;

  constructor(
    private readonly cost: Float64Array,
    private readonly a: Float64Array,
    private readonly b: Float64Array,
  ) {
    this.n = a.length;
    this.m = b.length;
    this.root = this.n + this.m;
    const nodes = this.root + 1;
    this.worst = 0;
    for (let k = 0; k < cost.length; k++) if (cost[k]! > this.worst) this.worst = cost[k]!;
    this.parent = new Int32Array(nodes).fill(this.root);
    this.arc = new Int32Array(nodes).fill(-1);
    this.upward = new Uint8Array(nodes);
    this.flow = new Float64Array(nodes);
    this.depth = new Int32Array(nodes).fill(1);
    this.potential = new Float64Array(nodes);
    this.child = new Int32Array(nodes).fill(-1);
    this.next = new Int32Array(nodes).fill(-1);
    this.previous = new Int32Array(nodes).fill(-1);
    this.stack = new Int32Array(nodes);
    this.depth[this.root] = 0;
    this.parent[this.root] = -1;
    for (let k = 0; k < this.root; k++) {
      const source = k < this.n;
      // An arc without mass must lead to the root: that is strong feasibility.
      this.flow[k] = source ? a[k]! : b[k - this.n]!;
      this.upward[k] = source || this.flow[k] === 0 ? 1 : 0;
      this.potential[k] = this.rootPotential(k);
      this.link(k, this.root);
    }
  }

  /** Every detour by the root costs more than the direct arc: 2 max C + 1 for mass that comes from it, nothing to it. */
  private rootPotential(k: number): number {
    return this.upward[k] === 1 ? 0 : 2 * this.worst + 1;
  }

  private link(k: number, to: number): void {
    const first = this.child[to]!;
    this.next[k] = first;
    this.previous[k] = -1;
    if (first >= 0) this.previous[first] = k;
    this.child[to] = k;
  }

  private unlink(k: number): void {
    const before = this.previous[k]!;
    const after = this.next[k]!;
    if (before >= 0) this.next[before] = after;
    else this.child[this.parent[k]!] = after;
    if (after >= 0) this.previous[after] = before;
  }

  async optimise(pace: Pace): Promise<void> {
    const most = 200 * (this.n + this.m) * Math.ceil(Math.log2(this.n + this.m + 2)) + 10_000;
    for (let pivots = 0; pivots < most; pivots++) {
      const entering = this.price();
      if (entering < 0) return;
      this.pivot(entering);
      if (pace.spent(this.priced + this.n + this.m)) await pace.pause();
    }
    throw new AttarError(
      "no-convergence",
      `the transport problem of ${this.n} by ${this.m} points was not solved in ${most} pivots`,
      "measure fewer points, or use sinkhorn",
      1,
    );
  }

  /** The arc of the most negative reduced cost among the next rows that hold one; −1 where none does. */
  private price(): number {
    const { n, m, cost, potential } = this;
    const enough = Math.max(10, Math.ceil(Math.sqrt(n * m)));
    let least = -tolerance * this.worst;
    let best = -1;
    let seen = 0;
    this.priced = 0;
    for (let scanned = 0; scanned < n; scanned++) {
      this.priced += m;
      const i = this.cursor;
      this.cursor = i + 1 === n ? 0 : i + 1;
      const own = potential[i]!;
      const at = i * m;
      for (let j = 0; j < m; j++) {
        const reduced = cost[at + j]! + own - potential[n + j]!;
        if (reduced < least) {
          least = reduced;
          best = at + j;
        }
      }
      seen += m;
      if (best >= 0 && seen >= enough) return best;
    }
    return best;
  }

  private pivot(entering: number): void {
    const { n, m, parent, flow, upward, depth } = this;
    const i = Math.floor(entering / m);
    const j = n + (entering - i * m);
    let x = i;
    let y = j;
    while (x !== y) {
      if (depth[x]! >= depth[y]!) x = parent[x]!;
      else y = parent[y]!;
    }
    const apex = x;
    // Mass goes apex … i → j … apex. Of the arcs it empties, the last one in this order leaves.
    let delta = Number.POSITIVE_INFINITY;
    let leaving = -1;
    let onSourceSide = true;
    for (let k = i; k !== apex; k = parent[k]!)
      if (upward[k] === 1 && flow[k]! < delta) {
        delta = flow[k]!;
        leaving = k;
      }
    for (let k = j; k !== apex; k = parent[k]!)
      if (upward[k] === 0 && flow[k]! <= delta) {
        delta = flow[k]!;
        leaving = k;
        onSourceSide = false;
      }
    if (delta > 0) {
      for (let k = i; k !== apex; k = parent[k]!) flow[k] = flow[k]! + (upward[k] === 1 ? -delta : delta);
      for (let k = j; k !== apex; k = parent[k]!) flow[k] = flow[k]! + (upward[k] === 1 ? delta : -delta);
    }
    if (onSourceSide) this.rehang(i, j, leaving, entering, 1, delta);
    else this.rehang(j, i, leaving, entering, 0, delta);
  }

  /** Cuts the subtree of `top` off and hangs it by its node `inner` from `outer`. */
  private rehang(inner: number, outer: number, top: number, arc: number, upward: number, flow: number): void {
    let k = inner;
    let to = outer;
    for (;;) {
      const [oldParent, oldArc, oldUpward, oldFlow] = [this.parent[k]!, this.arc[k]!, this.upward[k]!, this.flow[k]!];
      this.unlink(k);
      this.parent[k] = to;
      this.arc[k] = arc;
      this.upward[k] = upward;
      this.flow[k] = flow;
      this.link(k, to);
      if (k === top) break;
      to = k;
      k = oldParent;
      arc = oldArc;
      upward = 1 - oldUpward;
      flow = oldFlow;
    }
    this.settle(inner);
  }

  /** Depths and potentials of a subtree, from its top down, so that rounding does not accumulate over pivots. */
  private settle(top: number): void {
    const { stack, parent, arc, depth, potential, upward, cost, child, next, root } = this;
    let height = 0;
    stack[height++] = top;
    while (height > 0) {
      const k = stack[--height]!;
      const p = parent[k]!;
      depth[k] = depth[p]! + 1;
      if (p === root) potential[k] = this.rootPotential(k);
      else potential[k] = potential[p]! + (upward[k] === 1 ? -cost[arc[k]!]! : cost[arc[k]!]!);
      for (let c = child[k]!; c >= 0; c = next[c]!) stack[height++] = c;
    }
  }

  plan(): TransportPlan {
    const { n, m, cost, a, b } = this;
    const used: number[] = [];
    for (let k = 0; k < this.root; k++) if (this.arc[k]! >= 0 && this.flow[k]! > 0) used.push(k);
    const rows = Int32Array.from(used, (k) => Math.floor(this.arc[k]! / m));
    const columns = Int32Array.from(used, (k) => this.arc[k]! % m);
    const mass = Float64Array.from(used, (k) => this.flow[k]!);
    let total = 0;
    for (let e = 0; e < mass.length; e++) total += mass[e]! * cost[rows[e]! * m + columns[e]!]!;
    const v = this.potential.slice(n, n + m);
    const u = new Float64Array(n);
    let dual = 0;
    for (let i = 0; i < n; i++) {
      // The largest u_i that v allows: feasible however the potentials were rounded.
      let least = Number.POSITIVE_INFINITY;
      for (let j = 0; j < m; j++) least = Math.min(least, cost[i * m + j]! - v[j]!);
      u[i] = least;
      dual += a[i]! * least;
    }
    for (let j = 0; j < m; j++) dual += b[j]! * v[j]!;
    return { cost: total, rows, columns, mass, u, v, gap: total - dual };
  }
}
