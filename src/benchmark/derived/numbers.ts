import type { Row } from "../rows/row.ts";
import { mean } from "../statistics/mean.ts";

/** The place of networks in a study: a set, or the full data where size and seed are null, a network and a protocol. */
export type Place = Pick<Row, "subject" | "dataset" | "ipc" | "seed" | "network" | "protocol">;

/** A place whose networks are not trained yet. */
export interface Pending extends Place {
  readonly cell: string;
}

/** A metric's values of one or several places, or why there are none. */
export type Found =
  | {
      readonly mean: number;
      /** By network; of several places those of all of them. */
      readonly values: readonly number[];
      /** Keys of the jobs that found them. */
      readonly keys: readonly string[];
    }
  | { readonly missing: string };

/** Rows of a study, looked up by place and metric. What is missing anywhere is a reason, never a mean of the rest. */
export class Numbers {
  private readonly rows = new Map<string, Row[]>();
  private readonly metrics = new Map<string, Set<string>>();
  private readonly pending = new Map<string, string>();
  private readonly seeds = new Map<string, Set<number | null>>();
  private readonly networks = new Map<string, Set<string>>();
  /** Subjects by the place that they share with others. */
  private readonly subjects = new Map<string, string | null>();

  constructor(rows: readonly Row[], pending: readonly Pending[] = []) {
    for (const row of rows) {
      this.note(row);
      this.subjects.set(row.subject, row.method);
      listed(this.rows, JSON.stringify([placeText(row), row.metric]), row);
      added(this.metrics, placeText(row), row.metric);
    }
    for (const place of pending) {
      this.note(place);
      this.pending.set(placeText(place), place.cell);
    }
  }

  private note({ seed, network, ...place }: Place): void {
    added(this.seeds, placeText({ ...place, seed: null, network }), seed);
    if (network !== null) added(this.networks, placeText({ ...place, seed, network: null }), network);
  }

  /** The values of a metric at a place. */
  at(place: Place, metric: string): Found {
    const waits = this.pending.get(placeText(place));
    if (waits !== undefined) return { missing: `${waits} is not computed yet` };
    const rows = this.rows.get(JSON.stringify([placeText(place), metric])) ?? [];
    const bad = rows.find(({ value }) => value === null);
    if (bad) return { missing: `${bad.cell} has no ${metric}: ${bad.reason ?? bad.status}` };
    if (rows.length === 0) return { missing: `the study has no ${metric} of ${wordsOf(place)}` };
    const ordered = rows.toSorted((a, b) => (a.repeat ?? 0) - (b.repeat ?? 0));
    const values = ordered.map(({ value }) => value!);
    return { mean: mean(values), values, keys: keysOf(ordered) };
  }

  /** The mean over all sets of a subject of the means over their networks. */
  ofSubject(place: Omit<Place, "seed">, metric: string): Found {
    const seeds = [...(this.seeds.get(placeText({ ...place, seed: null })) ?? [])];
    if (seeds.length === 0) return { missing: `the study has no ${metric} of ${wordsOf(place)}` };
    return together(seeds.map((seed) => this.at({ ...place, seed }, metric)));
  }

  /** The metrics that there are rows of at a place. */
  metricsAt(place: Place): readonly string[] {
    return [...(this.metrics.get(placeText(place)) ?? [])];
  }

  /** The networks that are trained on a set under a protocol. */
  networksOf(place: Omit<Place, "network">): readonly string[] {
    return [...(this.networks.get(placeText({ ...place, network: null })) ?? [])];
  }

  /** The subject whose sets are random images: the one of that name, else the first of that method. */
  get random(): string | undefined {
    if (this.subjects.get("random") === "random") return "random";
    return [...this.subjects].find(([, method]) => method === "random")?.[0];
  }

  /** Whether there is a subject of that name. */
  has(subject: string): boolean {
    return this.subjects.has(subject);
  }

  /** The protocol under which networks are trained on the full data, which is one of its own. */
  fullAt({ dataset, network }: Pick<Place, "dataset" | "network">, metric: string): Found {
    const full = { subject: "full", dataset, ipc: null, seed: null, network, protocol: fullProtocol };
    if (!this.has("full") && !this.pending.has(placeText(full)))
      return { missing: 'no networks on the full data: "reference": true in the study' };
    return this.at(full, metric);
  }
}

/** The name of the protocol of networks on the full data. */
export const fullProtocol = "full";

/** Several findings as one: the mean of their means, or the first reason why one is missing. */
export function together(found: readonly Found[]): Found {
  const means: number[] = [];
  const [values, keys]: [number[], string[]] = [[], []];
  for (const one of found) {
    if ("missing" in one) return one;
    means.push(one.mean);
    values.push(...one.values);
    keys.push(...one.keys);
  }
  return { mean: mean(means), values, keys: [...new Set(keys)] };
}

const placeText = ({ subject, dataset, ipc, seed, network, protocol }: Place): string =>
  JSON.stringify([subject, dataset, ipc, seed, network, protocol]);

const wordsOf = ({ subject, dataset, ipc, network, protocol }: Omit<Place, "seed">): string =>
  [subject, dataset, ...(ipc === null ? [] : [`ipc${ipc}`]), ...(network ? [network] : []), protocol].join("/");

const keysOf = (rows: readonly Row[]): string[] => [...new Set(rows.flatMap(({ key }) => key ?? []))];

function listed<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function added<V>(map: Map<string, Set<V>>, key: string, value: V): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}
