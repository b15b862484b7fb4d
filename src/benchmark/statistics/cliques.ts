/**
 * The groups of a critical-difference diagram: the largest sets of methods in which the first and the last mean rank are closer than
 * the critical difference. Groups of one are left out; two may overlap.
 *
 * @returns positions of methods, the best first
 */
export function rankGroups(ranks: readonly number[], difference: number): number[][] {
  const order = ranks.map((_, i) => i).sort((a, b) => ranks[a]! - ranks[b]!);
  const groups: number[][] = [];
  let end = 0;
  for (let from = 0; from < order.length; from++) {
    let to = Math.max(from + 1, end);
    while (to < order.length && ranks[order[to]!]! - ranks[order[from]!]! < difference) to++;
    // A group that ends where an earlier one does lies within it.
    if (to > end && to - from > 1) groups.push(order.slice(from, to));
    end = Math.max(end, to);
  }
  return groups;
}

/**
 * The largest sets of methods of which every two are alike (maximal cliques: Bron and Kerbosch 1973). With pairwise tests two may
 * overlap without being neighbours in rank, which a bar across ranks cannot show. Sets of one are left out.
 */
export function cliques(methods: number, alike: (a: number, b: number) => boolean): number[][] {
  const neighbours = Array.from(
    { length: methods },
    (_, a) => new Set(Array.from({ length: methods }, (_n, b) => b).filter((b) => b !== a && alike(a, b))),
  );
  const found: number[][] = [];
  const grow = (clique: number[], open: readonly number[], seen: readonly number[]) => {
    if (open.length === 0 && seen.length === 0 && clique.length > 1) found.push(clique);
    const pivot = open[0] ?? seen[0];
    let [rest, done] = [open, seen];
    for (const v of open.filter((u) => pivot === undefined || !neighbours[pivot]!.has(u))) {
      const near = (u: number) => neighbours[v]!.has(u);
      grow([...clique, v], rest.filter(near), done.filter(near));
      rest = rest.filter((u) => u !== v);
      done = [...done, v];
    }
  };
  grow(
    [],
    Array.from({ length: methods }, (_, i) => i),
    [],
  );
  return found.map((clique) => clique.sort((a, b) => a - b)).sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
}
