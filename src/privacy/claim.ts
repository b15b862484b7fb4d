import { AttarError } from "../engine/errors.ts";
import { epsilonOf, type Relation, type Releases } from "./accountants/index.ts";
import { type Mechanism, releasesOf } from "./mechanism.ts";

/** Releases of one kind as a claim lists them. */
export interface ClaimedReleases extends Releases {
  /** What was released, in words. */
  readonly what: string;
}

/** The privacy that a run claims, with all that follows from: `privacy.json` of a run's folder. */
export interface Claim {
  /** ε, an upper bound, at `delta`. */
  readonly epsilon: number;
  readonly delta: number;
  readonly relation: Relation;
  /** What a data set has one more, or another one, of. */
  readonly unit: string;
  readonly releases: readonly ClaimedReleases[];
  /** The largest norm of a summand; none where what is summed is bounded by itself. */
  readonly clip: number;
  readonly accountant: string;
  readonly sampling: string;
  readonly noise: Mechanism["noise"];
  /** What is taken to be known to everyone. */
  readonly public: readonly string[];
  /** Reasons why nothing is claimed; none where the claim stands. */
  readonly against: readonly string[];
}

/** The circumstances of a claim that a mechanism does not know. */
export interface ClaimContext {
  /** Sums that were released. */
  readonly taken: number;
  /** What was summed, in words. */
  readonly what: string;
  readonly public: readonly string[];
  readonly against: readonly string[];
}

/** The claim of a run with a mechanism. */
export function claimOf(mechanism: Mechanism, { taken, what, ...context }: ClaimContext): Claim {
  const { delta, relation, clip, rate, noise, counts } = mechanism;
  const releases = releasesOf(mechanism, taken);
  const words = [
    ...(taken > 0 ? [`noised sums of ${what}`] : []),
    ...(counts > 0 ? ["noised sizes of the classes"] : []),
  ];
  const { upper, accountant } = epsilonOf(releases, delta, relation);
  return {
    epsilon: upper,
    delta,
    relation,
    unit: "one labelled sample",
    releases: releases.map((one, i) => ({ what: words[i]!, ...one })),
    clip,
    accountant,
    sampling: rate === 1 ? "all samples" : "a coin for each sample and release",
    noise,
    public: context.public,
    against: [
      ...(noise === "float" ? ["its noise is that of floats, whose rounding gives sums away"] : []),
      ...context.against,
    ],
  };
}

/**
 * A claim from a file, its ε computed anew from its releases.
 *
 * @param where what to call the file in an error
 * @throws AttarError "claim-refuted" (exit code 1) where the releases cost more than is claimed; "bad-data" where it is no claim
 */
export function checkedClaim(value: unknown, where: string): Claim & { readonly recomputed: number } {
  const claim = readClaim(value, where);
  const { upper } = epsilonOf(claim.releases, claim.delta, claim.relation);
  if (upper > claim.epsilon * (1 + 1e-9))
    throw new AttarError(
      "claim-refuted",
      `${where} claims ε ${claim.epsilon}, and its releases cost ${upper.toPrecision(6)} at δ ${claim.delta}`,
      "do not rely on it; the run's own folder has what was done",
      1,
    );
  return { ...claim, recomputed: upper };
}

function readClaim(value: unknown, where: string): Claim {
  const claim = value as Partial<Claim> | null;
  const number = (v: unknown) => typeof v === "number" && Number.isFinite(v);
  const texts = (v: unknown) => Array.isArray(v) && v.every((one) => typeof one === "string");
  const sound =
    typeof claim === "object" &&
    claim !== null &&
    number(claim.epsilon) &&
    number(claim.delta) &&
    (claim.relation === "add-remove" || claim.relation === "replace-one") &&
    Array.isArray(claim.releases) &&
    claim.releases.every(
      ({ sigma, rate, steps, what }) => [sigma, rate, steps].every(number) && typeof what === "string",
    ) &&
    texts(claim.public) &&
    texts(claim.against);
  if (!sound)
    throw new AttarError("bad-data", `${where} is no claim of privacy`, "a private run writes one: privacy.json");
  return claim as Claim;
}
