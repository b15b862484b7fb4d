import { badData } from "../badData.ts";

/** How many images have each size, "width x height", with one of them. */
export type FoundSizes = Map<
  string,
  { count: number; readonly where: string; readonly height: number; readonly width: number }
>;

/** The longest side that is proposed: networks here look at small images. */
const longest = 128;

/** @throws AttarError "bad-data" naming the sizes, and an option that gives images one of them */
export function refuseSizes(sizes: FoundSizes): never {
  const byCount = [...sizes].sort((a, b) => b[1].count - a[1].count);
  const shown = byCount.slice(0, 4).map(([size, { count }]) => `${count} of ${size}`);
  const more = byCount.length > 4 ? ` and ${byCount.length - 4} more sizes` : "";
  const [[, common], [odd, { where }]] = [byCount[0]!, byCount.at(-1)!];
  const size = Math.max(common.height, common.width) <= longest ? `${common.height}x${common.width}` : "64x64";
  throw badData(
    where,
    `is ${odd} pixels, and all images must have one size; there are ${shown.join(", ")}${more}`,
    `This brings all of them to one size, scaled and cut: --size ${size}`,
  );
}
