/** What a game has of its shadows: models that were each made of other halves of a pool of samples. Equal lengths throughout. */
export interface Evidence {
  /** 1 where a sample was in a model's half: [models][samples]. */
  readonly members: readonly Uint8Array[];
  /** φ of every sample under every model, the mean over its networks: [models][samples]. */
  readonly confidences: readonly Float64Array[];
  /** φ of samples that no model was made of: [models][others]. */
  readonly population: readonly Float64Array[];
  /** The distance in pixels from a sample to the nearest one of a model's set: [models][samples]. */
  readonly distances: readonly Float64Array[];
}

/** An attack on membership: scores that are higher where a sample is rather taken for a member. */
export interface MembershipAttack {
  readonly name: string;
  /** One line for tables. */
  readonly title: string;
  /** What the attacker looks at: networks trained on the set, or the set. */
  readonly sees: "networks" | "set";
  /**
   * The scores of every sample, of one model under attack.
   *
   * @param target the model; its own memberships are not looked at
   * @param references models whose memberships the attacker knows
   */
  scores(evidence: Evidence, target: number, references: readonly number[]): Float64Array;
}
