import type { CondenseOptions } from "../../condense/configuration.ts";
import type { DatasetInfo } from "../../data/datasetInfo.ts";
import type { NetworkSpec } from "../../hypotheses/index.ts";
import type { Method } from "../../methods/method.ts";
import type { Survey } from "../import/survey.node.ts";
import type { CondenseTask, Source } from "../jobs/job.ts";
import type { Objective } from "../objectives/objective.ts";
import type { ListedLayout, ListedMethod, Study, StudyProtocol } from "./schema.ts";

/** Why something cannot be, in a sentence. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A published figure for a subject. */
export type Claim = Extract<NonNullable<ListedMethod["claimed"]>, { accuracy: number }>;

/** A set made elsewhere, in a file. */
export interface Imported {
  readonly path: string;
  /** SHA-256 of the file; of a folder, of what it comes to. */
  readonly sha256: string;
  /** Images a class; of a set in its authors' layout they hang on the dataset that it is read for. */
  readonly ipc?: number;
  readonly foreign?: Foreign;
}

/** A set in a layout of its authors', read for each dataset of the study. */
export interface Foreign {
  readonly layout: ListedLayout;
  /** By the dataset's label: what it comes to, or why it is none of that dataset. */
  readonly surveys: ReadonlyMap<string, Survey | Refusal>;
}

/** A subject of a study: a method with its settings, or a set made elsewhere. */
export interface Subject {
  readonly label: string;
  readonly title: string;
  readonly made:
    | {
        readonly by: "method";
        readonly method: Method;
        /** What the worker is told: its name, or its record. */
        readonly named: CondenseTask["method"];
        readonly options: Omit<CondenseTask["options"], "ipc" | "seed">;
        /** The same as `condense` takes them. */
        readonly given: CondenseOptions;
      }
    | { readonly by: "import"; readonly file: Imported };
  /** What others published for it, each of a dataset and a size where it says so. */
  readonly claimed: readonly Claim[];
}

/** A dataset of a study: its facts, or why there are none. */
export interface StudyDataset {
  readonly label: string;
  readonly source: Source;
  readonly info?: DatasetInfo;
  readonly refused?: Refusal;
}

export interface StudyNetwork {
  /** The network as it is typed. */
  readonly text: string;
  readonly spec: NetworkSpec;
}

/** How networks are trained in a study, and which, where not the study's. */
export interface ResolvedProtocol {
  readonly protocol: StudyProtocol;
  readonly networks?: readonly StudyNetwork[];
}

/** A study whose every name is found: what cells are made of. */
export interface ResolvedStudy {
  readonly study: Study;
  /** The seconds that a cell may take, where the study says so. */
  readonly budget?: number;
  /** The path of its file. */
  readonly file: string;
  readonly subjects: readonly Subject[];
  readonly datasets: readonly StudyDataset[];
  /** The networks to train; none where each dataset has its usual one. */
  readonly networks: readonly StudyNetwork[];
  readonly protocols: readonly ResolvedProtocol[];
  readonly objectives: readonly Objective[];
}
