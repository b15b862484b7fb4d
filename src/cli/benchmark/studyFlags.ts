import { type Cells, cellsOf } from "../../benchmark/plan/cells.node.ts";
import { narrowed, type Shard } from "../../benchmark/plan/narrow.node.ts";
import { openStore } from "../../benchmark/store/openStore.node.ts";
import type { Store } from "../../benchmark/store/store.ts";
import { readStudy } from "../../benchmark/study/resolveStudy.node.ts";
import { AttarError, nearest } from "../../engine/errors.ts";
import type { OutputOptions } from "../output.ts";

/** The flags of commands that look at a study. */
export interface StudyFlags extends OutputOptions {
  store: string;
  tier?: string;
  only?: string;
  shard?: Shard;
}

/** A study as a command asked for it, and the store that it is held against. */
export interface Opened {
  readonly cells: Cells;
  readonly store: Store;
}

/** @throws AttarError as the study's reader does; "unknown-tier", "no-cells" */
export async function openStudy(file: string, { store, tier, only, shard }: StudyFlags): Promise<Opened> {
  const study = await readStudy(file);
  const { tiers } = study.study;
  if (tier !== undefined && !Object.hasOwn(tiers, tier)) {
    const guess = nearest(tier, Object.keys(tiers));
    throw new AttarError(
      "unknown-tier",
      `${file} has no tier "${tier}"`,
      guess ? `did you mean "${guess}"?` : `tiers: ${Object.keys(tiers).join(", ") || "none; leave --tier out"}`,
    );
  }
  const all = cellsOf(study, tier === undefined ? {} : { tier: tiers[tier] });
  const cells = narrowed(all, { only, shard });
  if (only !== undefined && cells.sets.length + cells.references.length === 0)
    throw new AttarError(
      "no-cells",
      `no cell of ${file} is called "${only}"`,
      `for example --only "${exampleOf(all)}"`,
    );
  return { cells, store: await openStore(store) };
}

const exampleOf = ({ sets }: Cells) => sets[0]?.name ?? "dm/*";

/** Reads `--shard 2/4`. @throws AttarError "bad-option" */
export function shardOf(text: string): Shard {
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of && Number.isSafeInteger(shard.of)) return shard;
  throw new AttarError(
    "bad-option",
    `--shard takes a share such as 1/4, got "${text}"`,
    "--shard 1/4 to --shard 4/4 make all",
  );
}
