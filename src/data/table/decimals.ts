/** Numbers of more decimals are kept as 32-bit floats. */
const most = 9;

/**
 * The least number of decimals with which every value can be written, so that reading it back gives the same 32-bit float.
 *
 * @returns undefined where nine are too few
 */
export function decimalsOf(values: ArrayLike<number>, from = 0, step = 1): number | undefined {
  let decimals = 0;
  for (let i = from; i < values.length; i += step) {
    const value = Math.fround(values[i]!);
    if (Number.isNaN(value)) continue;
    while (decimals <= most && Math.fround(rounded(value, decimals)) !== value) decimals++;
    if (decimals > most) return undefined;
  }
  return decimals;
}

/** A value to that many decimals; as the nearest 32-bit float in its shortest form where they are not known. */
export function rounded(value: number, decimals: number | undefined): number {
  if (decimals === undefined) return shortFloat(value);
  const scale = 10 ** decimals;
  const whole = Math.round(value * scale);
  return (Number.isSafeInteger(whole) ? whole / scale : value) + 0; // no -0
}

/** The number of fewest digits that is the same 32-bit float. */
function shortFloat(value: number): number {
  const float = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits));
    if (Math.fround(short) === float) return short;
  }
  return Number(float.toPrecision(9));
}
