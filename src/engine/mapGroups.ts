import type { Hosted } from "./compile.ts";
import { type ProgramOptions, Programs } from "./programs.ts";
import { Tensor } from "./tensor.ts";
import { callable, flatten, leavesOf, unflatten } from "./typed.ts";

/** A function of one group (a class, say), evaluated for many. */
export interface GroupMap<F, G, R> {
  /**
   * @param fixed arrays every group sees. @param groups arrays whose first axis counts the groups.
   * @returns the results of all groups, joined along their first axis; `fn` sees and returns arrays whose first axis is 1.
   */
  (fixed: Hosted<F>, groups: Hosted<G>): Promise<Hosted<R>>;
  dispose(): void;
}

/** Compiles a function that treats groups independently; the groups are shared out over all cores. */
export function mapGroups<F, G, R>(fn: (fixed: F, group: G) => R, options: ProgramOptions = {}): GroupMap<F, G, R> {
  const programs = new Programs(fn, options);
  const call = async (fixed: Hosted<F>, groups: Hosted<G>) => {
    const fixedLeaves = leavesOf<Tensor>(fixed);
    const groupLeaves = leavesOf<Tensor>(groups);
    const [, structure] = flatten<Tensor>([fixed, groups]);
    const count = groupLeaves[0]?.shape[0] ?? 0;
    const job = (g: number) => groupLeaves.map((t) => t.rows(g, g + 1));
    const examples = [...fixedLeaves, ...job(0)];
    const program = await programs.of(structure, examples);
    const jobs = Array.from({ length: count }, (_, g) => job(g));
    const positions = groupLeaves.map((_, k) => fixedLeaves.length + k);
    let results: Tensor[][] = [];
    if (program.map) results = await program.map(examples, positions, jobs);
    else for (const one of jobs) results.push(await program.run([...fixedLeaves, ...one]));
    return unflatten(program.outputs, joinedRows(results));
  };
  return callable<GroupMap<F, G, R>>(call, { dispose: () => programs.dispose() });
}

/** The results of several groups, each of them joined along its first axis. */
export const joinedRows = (results: readonly (readonly Tensor[])[]): Tensor[] =>
  results[0]!.map((_, k) => Tensor.concat(results.map((r) => r[k]!)));
