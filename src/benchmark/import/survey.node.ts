import { AttarError } from "../../engine/errors.ts";
import { sha256Of } from "../plan/key.node.ts";
import { storedPerClass } from "./condensedOf.ts";
import { filesAt } from "./files.node.ts";
import type { Facts, ForeignSet } from "./foreignSet.ts";
import { layoutNamed } from "./layouts/layouts.node.ts";

/** What is known of a set made elsewhere once its file is read as data, before anything is trained. */
export interface Survey {
  /** Images a class, as they are stored. */
  readonly ipc: number;
  /** SHA-256 of what the file comes to: images, labels and a learning rate. */
  readonly content: string;
}

/**
 * Reads a file as a layout for a dataset of known facts.
 *
 * @param set which of a file's sets; needed where there are several
 * @throws AttarError "bad-data", "absent-file", "unknown-option"; "bad-option" where a file has other sets
 */
export async function survey(
  path: string,
  facts: Facts,
  { name, factor = 1, set }: { readonly name: string; readonly factor?: number; readonly set?: number },
): Promise<Survey> {
  const all = await layoutNamed(name).sets(await filesAt(path), facts, { factor });
  if (set === undefined && all.length > 1)
    throw new AttarError(
      "bad-option",
      `${path} has ${all.length} sets, and a study takes one at a time`,
      `"layout": {"name": "${name}", "set": 0} takes the first`,
    );
  const found = all[set ?? 0];
  if (!found)
    throw new AttarError("bad-option", `${path} has ${all.length} sets, numbered from 0`, `"set": ${all.length - 1}`);
  return { ipc: storedPerClass(found, facts.classes.length, factor), content: contentOf(found) };
}

function contentOf({ images, labels, softLabels, learningRate, loss }: ForeignSet): string {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array | Int32Array) =>
    sha256Of(new Uint8Array(buffer, byteOffset, byteLength));
  const parts = [bytes(images), bytes(labels), softLabels ? bytes(softLabels) : "", learningRate ?? "", loss ?? ""];
  return sha256Of(parts.join(" "));
}
