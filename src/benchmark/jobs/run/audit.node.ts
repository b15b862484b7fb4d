import { join } from "node:path";
import { artefactCache } from "../../../artefacts/node/artefactCache.node.ts";
import { audit } from "../../../audit/index.ts";
import { shadowFolder } from "../../../audit/node/shadowFolder.node.ts";
import { resolveConfiguration } from "../../../condense/index.ts";
import { AttarError } from "../../../engine/errors.ts";
import { parseNetwork } from "../../../hypotheses/index.ts";
import { keyOf } from "../../plan/key.node.ts";
import type { Job } from "../job.ts";
import { ask } from "./condense.node.ts";
import type { Found, Running } from "./run.ts";

/** The figures of one attack, as a result keeps them. */
export interface KeptAttack {
  readonly auc: number;
  readonly advantage: number;
  /** By level of FPR: TPR, and whether the level is resolved by so many models. */
  readonly tpr: readonly { readonly fpr: number; readonly value: number; readonly resolved: boolean }[];
}

/** What a result of an audit holds. */
export interface KeptAudit {
  readonly attacks: Readonly<Record<string, KeptAttack>>;
  /** The ε that attacks show at least. */
  readonly shown: number;
  readonly shadows: number;
  readonly pool: number;
  readonly network: string;
}

/**
 * An audit as `attar audit --resume --controls none` runs it: models lie in the job's folder, and those that are there are not made again.
 * A model that diverges has that as the result.
 */
export async function runAudit(job: Job<"audit">, { folder, signal, onStep, onNote }: Running): Promise<Found> {
  const { condense, network, epochs, seed, shadows, pool } = job.task;
  const { dataset, method, options } = await ask(condense);
  const { kind, version, inputs, configuration } = job;
  const resolved = { ...configuration, condense: resolveConfiguration(dataset, method, options) };
  if (keyOf({ kind, version, configuration: resolved, inputs }) !== job.key)
    throw new AttarError(
      "other-plan",
      `${job.name} comes to another configuration here than where it was planned: other data under ${dataset.name}, or another version of attar`,
      "use one version and the same data on all machines, then run the study again",
    );
  try {
    const found = await audit(dataset, method, {
      shadows,
      ...(pool !== undefined && { pool }),
      ...(epochs !== undefined && { epochs }),
      condense: options,
      network: parseNetwork(network),
      seed,
      controls: [],
      artefacts: artefactCache({ signal, onWait: onNote }),
      shadowStore: shadowFolder(join(folder, "shadows"), true),
      signal,
      onShadow: (done, total) => onStep(done, total),
    });
    const [own] = found.subjects;
    const attacks = Object.entries(own!.attacks).map(([name, { auc, advantage, tpr }]): [string, KeptAttack] => [
      name,
      {
        auc: auc.value,
        advantage: advantage.value,
        tpr: tpr.map(({ fpr, value, resolved: known }) => ({ fpr, value, resolved: known })),
      },
    ]);
    const kept: KeptAudit = {
      attacks: Object.fromEntries(attacks),
      shown: own!.shown.epsilon,
      shadows,
      pool: found.pool,
      network: found.network,
    };
    return { status: "ok", outputs: {}, values: { audit: kept } };
  } catch (error) {
    if (!(error instanceof AttarError) || error.exitCode !== 3) throw error;
    return { status: "diverged", reason: error.message, outputs: {}, values: {} };
  }
}
