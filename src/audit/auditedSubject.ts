import type { Claim } from "../privacy/index.ts";
import { type Evidence, inSpaces, isSeen, type MembershipAttack, type SetSpace } from "./attacks/index.ts";
import { meanOf } from "./attacks/sides.ts";
import type { Game } from "./game.ts";
import { attacked, figuresOf, type MembershipFigures } from "./judge.ts";
import { type LowerBound, lowerBound } from "./lowerBound.ts";
import type { Shadow } from "./shadow.ts";

/** What attacks find out of a method, or of a control beside it. */
export interface AuditedSubject {
  readonly name: string;
  /** Images a class of a set; of the half itself there are as many as it has. */
  readonly ipc?: number;
  /** Of the networks on the test split: mean, and sample deviation over models. */
  readonly accuracy: { readonly mean: number; readonly std: number };
  /** By the names of attacks. */
  readonly attacks: Readonly<Record<string, MembershipFigures>>;
  /** The mean share of copies in the set; none of the half itself. */
  readonly copies?: number;
  /** The ε that the attacks show at least; at the claim's δ, or at 0 where nothing is claimed. */
  readonly shown: LowerBound;
  /** The ε that every model claims, the largest, with its δ; only where it is of a sample more or less. */
  readonly claimed?: Pick<Claim, "epsilon" | "delta">;
  /** Why no claim is judged, where there is one. */
  readonly unjudged?: string;
  /** True where ε is shown to be larger than claimed. */
  readonly refuted: boolean;
}

/** What attacks find out of models. */
export function judged(
  name: string,
  made: readonly Shadow[],
  { labels, members, asked }: Game,
  attacks: readonly MembershipAttack[],
): AuditedSubject {
  const pool = labels.length;
  const only = (values: Float64Array) => Float64Array.from(asked, (i) => values[i]!);
  const has = (name: SetSpace) => made.every(({ distances }) => distances[name].length > 0);
  const numbers = made[0]!.outputs.length / pool;
  const views = made[0]!.views.length / pool;
  const evidence: Evidence = {
    members: members.map((own) => Uint8Array.from(asked, (i) => own[i]!)),
    labels: Int32Array.from(asked, (i) => labels[i]!),
    confidences: made.map(({ confidences }) => only(confidences)),
    views: Array.from({ length: views }, (_, k) =>
      made.map(({ views: own }) => only(own.subarray(k * pool, (k + 1) * pool))),
    ),
    outputs: made.map(({ outputs }) =>
      Float32Array.from(
        { length: asked.length * numbers },
        (_, k) => outputs[asked[Math.floor(k / numbers)]! * numbers + (k % numbers)]!,
      ),
    ),
    population: made.map(({ population }) => population),
    distances: inSpaces((space) => (has(space) ? made.map(({ distances }) => only(distances[space])) : [])),
  };
  const able = attacks.filter(({ sees }) => isSeen(evidence, sees));
  const accuracies = made.map(({ accuracies: own }) => meanOf(own));
  const mean = meanOf(accuracies);
  const variance = accuracies.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (accuracies.length - 1);
  const { claimed, unjudged } = claimedBy(made);
  const shown = lowerBound(evidence, able, claimed?.delta ?? 0);
  return {
    name,
    accuracy: { mean, std: Math.sqrt(variance) },
    attacks: Object.fromEntries(
      able.map((attack) => [attack.name, figuresOf(attacked(evidence, attack), evidence.members)]),
    ),
    ...(has("pixels") && { copies: made.reduce((sum, { copies }) => sum + copies, 0) / made.length }),
    shown,
    ...(claimed && { claimed }),
    ...(unjudged !== undefined && { unjudged }),
    refuted: claimed !== undefined && shown.epsilon > claimed.epsilon,
  };
}

/** The claim that models make: the largest ε and δ of theirs. */
function claimedBy(made: readonly Shadow[]): Pick<AuditedSubject, "claimed" | "unjudged"> {
  const claims = made.flatMap(({ claim }) => claim ?? []);
  if (claims.length === 0) return {};
  const against = claims.find((claim) => claim.against.length > 0)?.against[0];
  if (claims.length < made.length || against !== undefined)
    return { unjudged: against ?? "not every model claims privacy" };
  if (claims.some(({ relation }) => relation !== "add-remove"))
    return { unjudged: "it is of a sample in another one's place, and the game leaves samples out" };
  return {
    claimed: {
      epsilon: Math.max(...claims.map(({ epsilon }) => epsilon)),
      delta: Math.max(...claims.map(({ delta }) => delta)),
    },
  };
}
