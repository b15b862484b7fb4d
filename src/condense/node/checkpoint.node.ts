import { join } from "node:path";
import { readBytes } from "../../data/node/readBytes.node.ts";
import { writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError } from "../../engine/index.ts";
import { checkpointName, encodeCheckpoint, parseCheckpoint } from "../checkpointContent.ts";
import type { Configuration } from "../configuration.ts";
import type { State } from "../state.ts";
import { checkpointNames, makeWay, removeCheckpoints } from "./ownCheckpoints.node.ts";

/** Checkpoints kept: the newest, and one to fall back on. */
const kept = 2;

/** Writes a state with a hash of its content; older checkpoints beyond the last two are removed. */
export async function writeCheckpoint(folder: string, configuration: Configuration, state: State): Promise<void> {
  const path = join(folder, checkpointName(state.step));
  await makeWay(path);
  await writeAtomic(path, await encodeCheckpoint(configuration, state));
  await removeCheckpoints(folder, kept);
}

/**
 * The newest state that is whole; a damaged file is passed over for the one before it.
 *
 * @returns undefined where there is none.
 * @throws AttarError where the checkpoint belongs to another configuration, or all are damaged.
 */
export async function readCheckpoint(folder: string, configuration: Configuration): Promise<State | undefined> {
  const wanted = JSON.stringify(configuration);
  const files = await checkpointNames(folder);
  for (const file of files) {
    const read = await readBytes(join(folder, file))
      .then((bytes) => parseCheckpoint(bytes, file))
      .catch(() => undefined);
    if (!read) continue;
    if (read.identity !== wanted) throw otherConfiguration(read.configuration, configuration);
    return read.state;
  }
  if (files.length === 0) return undefined;
  throw new AttarError(
    "damaged-checkpoint",
    `no checkpoint in ${folder} is as it was written: ${files.join(", ")}`,
    "put back a copy of them, or start over with --force",
    1,
  );
}

/** The top-level fields in which two records differ. */
function fieldsThatDiffer(a: unknown, b: unknown): string {
  const [theirs, mine] = [a, b].map((record) => new Map(Object.entries(record ?? {})));
  const names = [...new Set([...theirs!.keys(), ...mine!.keys()])];
  return names.filter((name) => JSON.stringify(theirs!.get(name)) !== JSON.stringify(mine!.get(name))).join(", ");
}

/** Fields that a configuration has only where a person gave something. */
const given: readonly string[] = ["start", "reading", "record", "plugins"];

/** The refusal to continue a run of another configuration: what differs. */
export function otherConfiguration(theirs: Record<string, unknown>, configuration: Configuration): AttarError {
  const mine: Record<string, unknown> = { ...configuration };
  const fields = [...Object.keys(mine), ...given.filter((k) => !(k in mine))];
  const differs = fields.filter((k) => JSON.stringify(mine[k]) !== JSON.stringify(theirs[k]));
  const unrecorded = differs.filter((k) => theirs[k] === undefined && !given.includes(k));
  if (unrecorded.length > 0 && unrecorded.length === differs.length)
    return new AttarError(
      "other-configuration",
      `the run there was begun by an earlier attar, which did not record ${unrecorded.join(" and ")}: it may be of other data`,
      "start over with --force, or choose another --out folder",
    );
  const text = (k: string, value: unknown) => JSON.stringify(value) ?? (given.includes(k) ? "none" : "not recorded");
  const told = (k: string) =>
    k === "classes"
      ? "classes of other names or in another order"
      : k === "plugins"
        ? "plugins of other content, or other ones"
        : k === "record"
          ? `another record of the method (${fieldsThatDiffer(theirs.record, mine.record)})`
          : `${k} ${text(k, theirs[k])} (now ${text(k, mine[k])})`;
  return new AttarError(
    "other-configuration",
    `the run there has another configuration: ${differs.map(told).join(", ")}`,
    "repeat the original options, or choose another --out folder",
  );
}
