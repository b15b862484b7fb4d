import { tree } from "@jax-js/jax";
import type { Hosted } from "./compile.ts";
import { defaultExecutor } from "./executors/default.ts";
import type { Executor, Program } from "./executors/executor.ts";
import { Tensor } from "./tensor.ts";

// biome-ignore lint/suspicious/noExplicitAny: jax-js's own tree types recurse the same way
type AnyTree = any;

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
export function mapGroups<F, G, R>(
  fn: (fixed: F, group: G) => R,
  options: { name?: string; executor?: Executor } = {},
): GroupMap<F, G, R> {
  const name = options.name ?? (fn.name || "anonymous map");
  const programs = new Map<string, Promise<Program>>();
  const call = async (fixed: AnyTree, groups: AnyTree): Promise<unknown> => {
    const [fixedLeaves] = tree.flatten(fixed) as unknown as [Tensor[]];
    const [groupLeaves] = tree.flatten(groups) as unknown as [Tensor[]];
    const [, structure] = tree.flatten([fixed, groups]) as unknown as [Tensor[], { toString(): string }];
    const count = groupLeaves[0]?.shape[0] ?? 0;
    const job = (g: number) => groupLeaves.map((t) => t.rows(g, g + 1));
    const examples = [...fixedLeaves, ...job(0)];
    const key = `${structure}|${examples.map((t) => `${t.dtype}[${t.shape}]`)}`;
    let loading = programs.get(key);
    if (!loading) {
      loading = (options.executor ?? defaultExecutor()).load({
        name,
        fn: fn as (...a: never[]) => unknown,
        structure,
        examples,
      });
      programs.set(key, loading);
      loading.catch(() => programs.delete(key));
    }
    const program = await loading;
    const jobs = Array.from({ length: count }, (_, g) => job(g));
    const positions = groupLeaves.map((_, k) => fixedLeaves.length + k);
    let results: Tensor[][];
    if (program.map) results = await program.map(examples, positions, jobs);
    else {
      results = [];
      for (const one of jobs) results.push(await program.run([...fixedLeaves, ...one]));
    }
    return tree.unflatten(program.outputs as never, joinedRows(results) as never);
  };
  return Object.assign(call, {
    dispose() {
      for (const program of programs.values()) program.then((p) => p.dispose()).catch(() => {});
      programs.clear();
    },
  }) as unknown as GroupMap<F, G, R>;
}

/** Results of several groups, each of them joined along its first axis. */
export const joinedRows = (results: readonly (readonly Tensor[])[]): Tensor[] =>
  results[0]!.map((_, k) => join(results.map((r) => r[k]!)));

function join(parts: readonly Tensor[]): Tensor {
  const first = parts[0]!;
  const data = new (first.data.constructor as Float32ArrayConstructor)(first.data.length * parts.length);
  parts.forEach((p, i) => {
    data.set(p.data as Float32Array, i * first.data.length);
  });
  return new Tensor(data, [parts.length * first.shape[0]!, ...first.shape.slice(1)], first.dtype);
}
