import {
  type CondensedSet,
  encodeCondensed,
  encodeNpz,
  encodePng,
  exportArrays,
  exportZip,
  grid,
  pictures,
} from "../data/browser.ts";
import type { ExportKind } from "./contract.ts";

/** A set as a file of a kind, with its name. @param id of its run */
export function exportedSet(
  id: string,
  set: CondensedSet,
  kind: Exclude<ExportKind, "zip">,
): { readonly name: string; readonly bytes: Uint8Array } {
  if (kind === "safetensors") return { name: "condensed.safetensors", bytes: encodeCondensed(set) };
  if (kind === "images") return { name: `${id}-images.zip`, bytes: exportZip(set) };
  if (kind === "npz") return { name: "condensed.npz", bytes: encodeNpz(exportArrays(set)) };
  return { name: "grid.png", bytes: encodePng(grid(pictures(set))) };
}
