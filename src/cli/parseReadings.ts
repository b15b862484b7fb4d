import { AttarError } from "../engine/errors.ts";
import { parseReading, type ReadingSpec } from "../evaluate/index.ts";
import { partList } from "./partList.ts";

/**
 * Reads `--readings`: readings in a {@link partList}.
 *
 * @throws AttarError for an empty list, and as parseReading does
 */
export function parseReadings(list: string): ReadingSpec[] {
  const texts = partList(list);
  if (texts.length === 0)
    throw new AttarError("bad-option", "--readings names no reading", "for example --readings worst-class,calibration");
  return texts.map(parseReading);
}
