/** Errors, 1 − accuracy, of one network or set: on clean images, and by corruption at each severity. */
export interface CorruptionErrors {
  readonly clean: number;
  readonly corrupted: Readonly<Record<string, readonly number[]>>;
}

/**
 * The mean corruption error: for each corruption the sum of errors over severities, divided by that of a baseline, averaged over
 * corruptions; 1 is as good as the baseline. `relative` does so with what corruption adds to the clean error.
 *
 * Hendrycks and Dietterich 2019 (arXiv 1903.12261). Their baseline is AlexNet on ImageNet; here it is whatever is named, such as
 * random images of the same number.
 *
 * @returns the mean; for `relative` nothing where a corruption adds nothing to the baseline's error
 * @throws RangeError where the two have other corruptions or severities
 */
export function meanCorruptionError(
  own: CorruptionErrors,
  baseline: CorruptionErrors,
): { readonly mean: number; readonly relative?: number } {
  const names = Object.keys(own.corrupted);
  const total = ({ corrupted }: CorruptionErrors, name: string) => corrupted[name]!.reduce((sum, e) => sum + e, 0);
  const above = (errors: CorruptionErrors, name: string) =>
    total(errors, name) - errors.corrupted[name]!.length * errors.clean;
  const same = names.every((name) => baseline.corrupted[name]?.length === own.corrupted[name]!.length);
  if (!same || names.length === 0 || Object.keys(baseline.corrupted).length !== names.length)
    throw new RangeError("a mean corruption error over other corruptions than the baseline's");
  const mean = (ratio: (name: string) => number) => names.reduce((sum, name) => sum + ratio(name), 0) / names.length;
  const relative = names.every((name) => above(baseline, name) > 0)
    ? mean((name) => above(own, name) / above(baseline, name))
    : undefined;
  return {
    mean: mean((name) => total(own, name) / total(baseline, name)),
    ...(relative !== undefined && { relative }),
  };
}
