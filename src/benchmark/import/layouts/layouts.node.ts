import { AttarError, nearest } from "../../../engine/errors.ts";
import { kip, npz } from "./arrays.ts";
import { ddRanking } from "./ddRanking.ts";
import { idc } from "./idc.ts";
import { imageFolder } from "./imageFolder.node.ts";
import type { Layout } from "./layout.ts";
import { mtt } from "./mtt.ts";
import { vico } from "./vico.ts";

/** The layouts that are read, by the names that `--as` takes. */
export const layouts: Readonly<Record<string, Layout>> = {
  vico,
  mtt,
  idc,
  "dd-ranking": ddRanking,
  kip,
  npz,
  imagefolder: imageFolder,
};

/** The layout of that name. @throws AttarError "unknown-option" */
export function layoutNamed(name: string): Layout {
  if (Object.hasOwn(layouts, name)) return layouts[name]!;
  const names = Object.keys(layouts);
  const near = nearest(name, names);
  throw new AttarError(
    "unknown-option",
    `unknown layout "${name}"`,
    near ? `did you mean --as ${near}?` : `layouts: ${names.join(", ")}`,
  );
}
