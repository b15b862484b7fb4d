import { AttarError } from "../engine/errors.ts";
import { type NetworkSpec, parseNetwork } from "../hypotheses/index.ts";
import { partList } from "./partList.ts";

/**
 * Reads `--nets`: networks in a {@link partList}.
 *
 * @throws AttarError for an empty list, and as parseNetwork does
 */
export function parseNetworks(list: string): NetworkSpec[] {
  const texts = partList(list);
  if (texts.length === 0)
    throw new AttarError("bad-option", "--nets names no network", "for example --nets convnet,mlp");
  return texts.map(parseNetwork);
}
