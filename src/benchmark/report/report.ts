import { heldOutProtocol, type Place } from "../explore/place.ts";
import { measurementObjective } from "../rows/measurementRows.ts";
import { standsForAudit } from "../rows/membershipRows.ts";
import type { Row } from "../rows/row.ts";
import { type Figure, figuresOf } from "./figures.ts";

/** A dataset at a size: the block over which methods are compared. */
export interface Block {
  readonly dataset: string;
  readonly ipc: number;
}

/** Sets of a study at a dataset and a size that no row is of. */
export interface Left extends Block {
  /** The subjects whose sets these are, in the study's order. */
  readonly subjects: readonly string[];
  readonly sets: number;
  /** The number of sets that the study has there. */
  readonly of: number;
}

/** What a report is made from. */
export interface ReportSource {
  readonly title: string;
  /** What a reader needs to know to compare, a sentence each. */
  readonly notes?: readonly string[];
  readonly rows: readonly Row[];
  /** The study's file as it is typed, for commands; none where rows are all there is. */
  readonly file?: string;
  /** Addresses of pictures by the SHA-256 of a set. */
  readonly pictures?: ReadonlyMap<string, string>;
  /** What a subject does other than its authors, by subject. */
  readonly departures?: ReadonlyMap<string, readonly string[]>;
  /** What the study names and rows say nothing of. */
  readonly left?: readonly Left[];
  /** What an exploration has found, by dataset and size. */
  readonly places?: readonly Place[];
  /** Files beside the page that hold the rows, by name and what they are. */
  readonly files?: readonly (readonly [name: string, what: string])[];
}

/** A report's figures, looked up. */
export class Report {
  readonly figures: readonly Figure[];
  /** Metrics of networks or sets that have a number; where nothing has one, all that were asked for. */
  readonly metrics: readonly Pick<Figure, "metric" | "objective" | "unit" | "better">[];
  readonly subjects: readonly string[];
  readonly blocks: readonly Block[];
  readonly networks: readonly string[];
  readonly protocols: readonly string[];
  private readonly at = new Map<string, Figure>();

  constructor(readonly source: ReportSource) {
    // Scores on held-out rows are of an exploration's choices, and stand in its own part; measurements say where steps come from.
    this.figures = figuresOf(
      source.rows.filter(
        ({ protocol, objective }) => protocol !== heldOutProtocol && objective !== measurementObjective,
      ),
    );
    const unique = <T>(all: readonly T[]) => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
    const made = this.figures.filter(({ ipc }) => ipc !== null);
    this.subjects = unique(made.map(({ subject }) => subject));
    this.blocks = unique(made.map(({ dataset, ipc }) => ({ dataset, ipc: ipc! })));
    this.networks = unique(this.figures.flatMap(({ network }) => network ?? []));
    this.protocols = unique(made.flatMap(({ protocol }) => protocol ?? []));
    const numbered = this.figures.filter(({ sets }) => sets.length > 0);
    this.metrics = unique(
      (numbered.length > 0 ? numbered : this.figures).map(({ metric, objective, unit, better }) => ({
        ...{ metric, objective, unit, better },
      })),
    );
    for (const figure of this.figures) this.at.set(placeOf(figure), figure);
  }

  /** The metrics that stand for their objectives: `worst-class` and not `worst-class.class`. */
  get leading(): Report["metrics"] {
    return this.metrics.filter(
      ({ metric, objective }) =>
        metric === objective || standsForAudit(metric, objective) || !this.metrics.some((m) => m.metric === objective),
    );
  }

  /** The metric that methods are ranked by: accuracy, or R² where numbers are predicted, or the first. */
  get main(): Report["metrics"][number] | undefined {
    return this.metrics.find(({ metric }) => metric === "accuracy" || metric === "r2") ?? this.leading[0];
  }

  /** A figure of networks that were trained on the whole training split, under whatever protocol that was. */
  reference(dataset: string, metric: string, network: string | undefined = this.networks[0]): Figure | undefined {
    return this.figures.find(
      (one) =>
        one.ipc === null && one.dataset === dataset && one.metric === metric && one.network === (network ?? null),
    );
  }

  /** A figure on a network under a protocol; one of all networks together has no network, one of a set alone has neither. */
  find(
    subject: string,
    { dataset, ipc }: Block,
    metric: string,
    network: string | undefined = this.networks[0],
    protocol: string | undefined = this.protocols[0],
  ): Figure | undefined {
    const place = { subject, dataset, ipc, metric };
    return (
      this.at.get(placeOf({ ...place, network: network ?? null, protocol: protocol ?? null })) ??
      this.at.get(placeOf({ ...place, network: network ?? null, protocol: null })) ??
      this.at.get(placeOf({ ...place, network: null, protocol: protocol ?? null })) ??
      this.at.get(placeOf({ ...place, network: null, protocol: null }))
    );
  }
}

const placeOf = ({
  subject,
  dataset,
  ipc,
  network,
  protocol,
  metric,
}: Pick<Figure, "subject" | "dataset" | "ipc" | "network" | "protocol" | "metric">) =>
  JSON.stringify([subject, dataset, ipc, network, protocol, metric]);
