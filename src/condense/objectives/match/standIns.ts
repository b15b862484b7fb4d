import type { Array as Traced } from "@jax-js/jax";
import type { RealReader } from "../../../data/reader.ts";
import { mapSamples, type RandomKey, type SampleMap, Tensor } from "../../../engine/index.ts";
import type { Hypothesis, Network, Params, TracedParams } from "../../../hypotheses/index.ts";
import type { Features } from "../../../views/index.ts";
import type { Tensors } from "../../state.ts";
import type { HostTree } from "./hostTree.ts";
import type { TracedTerm } from "./terms.ts";

/**
 * Stand-ins for the rows of T where a distance says so (the atoms of a barycentre): computed from all or
 * some images of a class, once for every hypothesis, and anew by a resumed run.
 */
export class StandIns {
  private readonly terms: readonly TracedTerm[];
  private readonly made = new WeakMap<Params, Map<string, Promise<Tensors>>>();
  private readonly rows: Record<string, SampleMap<TracedParams, Traced, Features>>;

  constructor(
    network: Network,
    terms: readonly TracedTerm[],
    private readonly reader: RealReader,
    /** Rows of S in a class. */
    private readonly count: number,
    private readonly key: RandomKey,
  ) {
    this.terms = terms.filter((t) => t.comparison?.target);
    const values = (term: TracedTerm) =>
      mapSamples(
        (params: TracedParams, images: Traced): Features => term.view!(network, params, images),
        `rows of ${term.name} of ${network.spec.name}`,
      );
    this.rows = Object.fromEntries(this.terms.map((term) => [term.key, values(term)]));
  }

  /** The stand-ins by term: [groups, m, k], the same m for every class. */
  async of({ params }: Hypothesis, active: readonly number[]): Promise<Record<string, HostTree>> {
    const known = this.made.get(params) ?? new Map<string, Promise<Tensors>>();
    this.made.set(params, known);
    const out: Record<string, HostTree> = {};
    for (const term of this.terms) {
      const own: Tensors[] = [];
      for (const group of active) {
        const id = `${term.key}/${group}`;
        let making = known.get(id);
        if (!making) {
          making = this.make(term, params, group);
          known.set(id, making);
        }
        own.push(await making);
      }
      out[term.key] = Object.fromEntries(
        Object.keys(own[0]!).map((name) => [name, Tensor.stack(own.map((o) => o[name]!))]),
      );
    }
    return out;
  }

  private async make(term: TracedTerm, params: Params, group: number): Promise<Tensors> {
    const key = this.key.fold(term.key).fold(group);
    const length = this.reader.sizes[group]!;
    const wanted = Math.min(length, Math.max(term.comparison!.targetRows ?? length, this.count));
    const positions = wanted < length && [key.fold("images").fold(group).permutation(length, wanted)];
    const rows = await this.reader.rows(
      { name: term.name, of: ({ images }) => this.rows[term.key]!(params, images) },
      { classes: [group], ...(positions && { positions }) },
    );
    const out: Record<string, Tensor> = {};
    for (const [name, t] of Object.entries(rows))
      out[name] = await term.comparison!.target!(t, this.count, key.fold(name));
    return out;
  }

  dispose(): void {
    for (const rows of Object.values(this.rows)) rows.dispose();
  }
}
