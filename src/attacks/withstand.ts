import { type OptionValues, type RandomKey, resolveOptions } from "../engine/index.ts";
import type { Attack } from "./attack.ts";
import { type Ball, ceilingOf, distance, floorOf } from "./ball.ts";
import { isRight } from "./classified.ts";
import { chosenPoints, type Points } from "./points.ts";
import type { Victim } from "./victim.ts";

/** What rounding may add to a distance, as a share of the radius. */
const rounding = 1e-6;

/**
 * The points that are classified rightly after an attack, of those that were before: an image that the attack found counts if it
 * is in the ball and between black and white, whatever the attack says of it.
 *
 * @param among positions of points that are classified rightly
 * @returns positions of those that withstand
 */
export async function withstand(
  victim: Victim,
  points: Points,
  among: readonly number[],
  ball: Ball,
  { attack, options }: { readonly attack: Attack; readonly options: OptionValues },
  key: RandomKey,
  signal?: AbortSignal,
): Promise<number[]> {
  if (among.length === 0) return [];
  const own = chosenPoints(points, among);
  const resolved = resolveOptions(`attack ${attack.name}`, attack.options, options);
  const found = await attack.run(victim, own, ball, resolved, { key: key.fold(attack.name), signal });
  const logits = await victim.logits(found);
  const d = found.length / among.length;
  return among.filter(
    (_, i) => !allowed(ball, own.images, found, i * d, d) || isRight(logits, i, own.labels[i]!, victim.classes),
  );
}

/** True where a row is within the ball, and its pixels are between black and white. */
export function allowed(
  { norm, radius }: Ball,
  images: Float64Array,
  found: Float64Array,
  from: number,
  d: number,
): boolean {
  if (!(distance(norm, images, found, from, d) <= radius * (1 + rounding))) return false;
  for (let j = from; j < from + d; j++)
    if (!(found[j]! >= floorOf(images[j]!) && found[j]! <= ceilingOf(images[j]!))) return false;
  return true;
}
