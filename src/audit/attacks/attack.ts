/** Where the distance from a sample to the nearest one of a set is taken: in pixels, in codes of random networks, or as 1 − SSIM. */
export type SetSpace = "pixels" | "embedding" | "structure";

/** Distances in every space; empty in a space that the samples or the set do not have. */
export type Distances<T> = Readonly<Record<SetSpace, T>>;

/** Something of every space. */
export const inSpaces = <T>(of: (space: SetSpace) => T): Distances<T> => ({
  pixels: of("pixels"),
  embedding: of("embedding"),
  structure: of("structure"),
});

/** What a game has of its shadows: models that were each made of other halves of a pool of samples. Equal lengths throughout. */
export interface Evidence {
  /** 1 where a sample was in a model's half: [models][samples]. */
  readonly members: readonly Uint8Array[];
  /** The class that every sample has in the pool: [samples]. */
  readonly labels: Int32Array;
  /** φ of every sample under every model, the mean over its networks: [models][samples]. */
  readonly confidences: readonly Float64Array[];
  /** φ of views of the samples, shifted and mirrored: [views][models][samples]; no views where samples have none. */
  readonly views: readonly (readonly Float64Array[])[];
  /** ln p of the label, then of the likeliest other classes, descending: [models][samples × numbers]. */
  readonly outputs: readonly Float32Array[];
  /** φ of samples that no model was made of: [models][others]. */
  readonly population: readonly Float64Array[];
  /** The distance from a sample to the nearest one of a model's set: [models][samples]. */
  readonly distances: Distances<readonly Float64Array[]>;
}

/** What an attacker looks at: networks trained on the set, these through several views of a sample, or the set in a space. */
export type Sight = "networks" | "views" | SetSpace;

/** Tells whether a game has what is looked at. */
export function isSeen({ views, distances }: Evidence, sight: Sight): boolean {
  if (sight === "networks") return true;
  return (sight === "views" ? views : distances[sight]).length > 0;
}

/** An attack on membership: scores that are higher where a sample is rather taken for a member. */
export interface MembershipAttack {
  readonly name: string;
  /** One line for tables. */
  readonly title: string;
  readonly sees: Sight;
  /**
   * The scores of every sample, of one model under attack.
   *
   * @param target the model; its own memberships are not looked at
   * @param references models whose memberships the attacker knows
   */
  scores(evidence: Evidence, target: number, references: readonly number[]): Float64Array;
}
