import type { Audit } from "../../src/audit/index.ts";

/** A figure as data has it. */
interface KeptAttack {
  readonly auc: number;
  readonly low: number;
  readonly high: number;
  /** TPR at an FPR of 1 %. */
  readonly tpr: number;
  readonly advantage: number;
}

/** A method or a control under all attacks. */
export interface KeptSubject {
  readonly name: string;
  readonly ipc?: number;
  readonly accuracy: number;
  readonly copies?: number;
  readonly attacks: Readonly<Record<string, KeptAttack>>;
  /** ε that attacks show at least, and what is claimed. */
  readonly shown: number;
  readonly most: number;
  readonly claimed?: { readonly epsilon: number; readonly delta: number };
  readonly refuted: boolean;
}

/** An audit, in docs/results/audits.json. */
export interface KeptCase {
  readonly name: string;
  readonly command: string;
  readonly commit: string | null;
  readonly seconds: number;
  readonly shadows: number;
  readonly asked: number;
  readonly subjects: readonly KeptSubject[];
}

/** What of an audit is kept. */
export function keptOf({ subjects, ...audit }: Audit, name: string, command: string, commit: string | null): KeptCase {
  const { seconds, shadows, asked } = audit;
  return {
    ...{ name, command, commit, seconds, shadows, asked },
    subjects: subjects.map(({ name: subject, ipc, accuracy, copies, attacks, shown, claimed, refuted }) => ({
      name: subject,
      ...(ipc !== undefined && { ipc }),
      accuracy: accuracy.mean,
      ...(copies !== undefined && { copies }),
      attacks: Object.fromEntries(
        Object.entries(attacks).map(([attack, { auc, tpr, advantage }]) => [
          attack,
          { auc: auc.value, low: auc.low, high: auc.high, tpr: tpr[1]!.value, advantage: advantage.value },
        ]),
      ),
      shown: shown.epsilon,
      most: shown.most,
      ...(claimed && { claimed }),
      refuted,
    })),
  };
}
