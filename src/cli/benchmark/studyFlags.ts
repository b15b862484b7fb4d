import { readFile } from "node:fs/promises";
import type { Place } from "../../benchmark/explore/place.ts";
import type { Cells } from "../../benchmark/plan/cells.node.ts";
import { narrowed, type Shard } from "../../benchmark/plan/narrow.node.ts";
import { unfolded } from "../../benchmark/plan/unfold.node.ts";
import { readRows } from "../../benchmark/rows/readRows.node.ts";
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
  /** A file of rows of finished cells, to be taken in first. */
  rows?: string;
}

/** A study as a command asked for it, and the store that it is held against. */
export interface Opened {
  readonly cells: Cells;
  readonly store: Store;
  /** The cells anew, where results bring further ones. */
  readonly more?: () => Promise<Cells>;
  /** What an exploration has found so far, where the study is one. */
  readonly places?: readonly Place[];
}

/** @throws AttarError as the study's reader does; "unknown-tier", "no-cells" */
export async function openStudy(file: string, { store: where, tier, only, shard, rows }: StudyFlags): Promise<Opened> {
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
  const store = await openStore(where);
  if (rows !== undefined) {
    await readRows(rows);
    await store.takeRows(await readFile(rows, "utf8"));
  }
  if (shard && study.study.explore)
    throw new AttarError(
      "bad-option",
      `${file} explores: what comes next follows from all results, so --shard cannot share it out`,
      "attar benchmark run STUDY --queue postgres://…, and workers on other machines, share it",
    );
  const unfold = () => unfolded(study, store, tier === undefined ? undefined : tiers[tier]);
  const { cells: all, grows, places } = await unfold();
  const cells = narrowed(all, { only, shard });
  if (only !== undefined && cells.sets.length + cells.references.length + cells.probes.length === 0)
    throw new AttarError(
      "no-cells",
      `no cell of ${file} is called "${only}"`,
      `for example --only "${exampleOf(all)}"`,
    );
  const more = async () => narrowed((await unfold()).cells, { only, shard });
  return { cells, store, ...(grows && { more }), ...(places && { places }) };
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
