import { AttarError } from "../engine/errors.ts";
import { type NetworkSpec, parseNetwork } from "../hypotheses/index.ts";

/**
 * Reads `--nets`: networks joined by commas or semicolons, each with its options: `convnet:depth=2,width=64,mlp`. What
 * follows a comma and holds "=" but no ":" is an option of the network before it.
 *
 * @throws AttarError for an empty list, and as parseNetwork does
 */
export function parseNetworks(list: string): NetworkSpec[] {
  const texts: string[] = [];
  for (const part of list.split(";")) {
    let first = true;
    for (const piece of part.split(",").filter((p) => p.trim() !== "")) {
      if (!first && piece.includes("=") && !piece.includes(":")) texts[texts.length - 1] += `,${piece}`;
      else texts.push(piece);
      first = false;
    }
  }
  if (texts.length === 0)
    throw new AttarError("bad-option", "--nets names no network", "for example --nets convnet,mlp");
  return texts.map(parseNetwork);
}
