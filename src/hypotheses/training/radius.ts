/** What {@link radiusOf} reads, in words. */
export const takesRadius = "a number above 0 or a fraction of two such as 8/255";

/** The number of a radius as it is written: "0.1", "8/255". NaN for what is none. */
export function radiusOf(written: string): number {
  const [above = "", below = "1", ...rest] = written.split("/").map((part) => part.trim());
  if (rest.length > 0 || above === "" || below === "") return Number.NaN;
  const radius = Number(above) / Number(below);
  return radius > 0 && radius < Number.POSITIVE_INFINITY ? radius : Number.NaN;
}
