import { readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../data/checksum.ts";
import { namePart } from "../../data/namePart.ts";
import { setAside } from "../../data/node/setAside.node.ts";
import { AttarError, currentRuntime } from "../../engine/index.ts";
import type { ArtefactKind, ArtefactSpec, ArtefactStore, Identity, Member } from "../artefact.ts";
import { DamagedArtefact } from "../damaged.ts";
import { artefactKinds } from "../registry.ts";
import { readMember } from "./artefactFile.node.ts";
import { memberName, scanMembers } from "./artefactFolder.node.ts";
import { type MakeOptions, makeMembers } from "./makeMembers.node.ts";

export interface CacheOptions extends Pick<MakeOptions, "signal" | "onWait" | "onDamaged"> {
  /** Folders that are looked into first, such as those of `attar experts`. */
  readonly folders?: (spec: ArtefactSpec) => readonly string[];
  /** Makes nothing: what is missing is an error. */
  readonly offline?: boolean;
  /** Called where members are missing and will be made. */
  readonly onMissing?: (count: number, folder: string, kind: ArtefactKind) => void;
  /** Called after every epoch of a training, `done` of all of them. */
  readonly onEpoch?: (done: number, total: number, member: string) => void;
}

/**
 * Artefacts kept on disk: those of one of the folders where they are of the identity asked for and enough, else those of the cache,
 * $XDG_CACHE_HOME/attar or ~/.cache/attar, a folder a kind and in it one an artefact, named by what it is made of and the first
 * 12 digits of the SHA-256 of its identity. What is missing there is made first. Interrupted, it goes on from the last whole
 * epoch. What is damaged is made again.
 *
 * @throws AttarError, from `open`, "absent-artefact" for what is missing where it is offline
 */
export function artefactCache(options: CacheOptions = {}): ArtefactStore {
  const there = async (spec: ArtefactSpec) => {
    const { kind, identity, count } = spec;
    for (const where of options.folders?.(spec) ?? [])
      if ((await ready(kind, identity, where)) >= count) return { count, where };
    const where = await cacheFolder(kind, identity);
    return { count: Math.min(count, await ready(kind, identity, where)), where };
  };
  return {
    there,
    async open(spec) {
      const { kind, count } = spec;
      const runtime = currentRuntime();
      const { count: found, where } = await there(spec);
      if (found < count) {
        if (options.offline) throw absent(spec, count - found);
        options.onMissing?.(count - found, where, kind);
        await makeMembers(spec, where, {
          ...options,
          runtime,
          onProgress: (index, { epoch, epochs }) =>
            options.onEpoch?.(index * epochs + epoch, count * epochs, `${kind.noun} ${index}`),
        });
      }
      return { at: (index) => readOrSetAside(kind, join(where, memberName(kind, index))) };
    },
  };
}

/** A member; a file that turns out to be damaged when it is read is renamed, so that the next run makes it again. */
async function readOrSetAside(kind: ArtefactKind, path: string): Promise<Member> {
  try {
    return await readMember(kind, path);
  } catch (error) {
    if (!(error instanceof DamagedArtefact)) throw error;
    throw new AttarError(
      error.code,
      `${error.message}; it is now ${await setAside(error.path)}`,
      "The same command trains it again and goes on.",
      1,
    );
  }
}

/** The number of members of a folder from the first on without a gap, where all are of this identity; else 0. */
async function ready(kind: ArtefactKind, identity: Identity, folder: string): Promise<number> {
  const wanted = JSON.stringify(identity);
  const { members } = await scanMembers(kind, folder);
  if (!members.every((one) => JSON.stringify(one.identity) === wanted)) return 0;
  const gap = members.findIndex(({ index }, i) => index !== i);
  return gap < 0 ? members.length : gap;
}

const absent = ({ kind, identity, count }: ArtefactSpec, missing: number) =>
  new AttarError(
    "absent-artefact",
    `${missing} of ${count} ${kind.noun}${count === 1 ? "" : "s"} of ${identity.dataset} ${missing === 1 ? "is" : "are"} not on this machine, and --offline makes nothing`,
    "the same command without --offline makes them",
  );

/** SHA-256 of an identity: what an artefact is known by. */
export const digestOf = (identity: Identity): Promise<string> =>
  sha256(new TextEncoder().encode(JSON.stringify(identity)));

const root = () => join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "attar");

async function cacheFolder(kind: ArtefactKind, identity: Identity): Promise<string> {
  const { dataset, network } = identity;
  const name = namePart(network === undefined ? dataset : `${dataset}-${network}`);
  return join(root(), kind.name, `${name}-${(await digestOf(identity)).slice(0, 12)}`);
}

/** An artefact of the cache. */
export interface Cached {
  readonly kind: string;
  /** SHA-256 of its identity. */
  readonly digest: string;
  readonly identity: Identity;
  readonly members: number;
  /** The version of attar, the executor and its threads that made the first of them; empty of earlier versions' files. */
  readonly by: string;
  /** Bytes of all its files. */
  readonly bytes: number;
  readonly folder: string;
}

/** All artefacts of the cache that are whole, going by their headers, by kind and folder. */
export async function listCache(): Promise<Cached[]> {
  const found: Cached[] = [];
  for (const kind of Object.values<ArtefactKind>(artefactKinds.parts)) {
    const own = join(root(), kind.name);
    for (const name of (await readdir(own).catch(() => [] as string[])).sort()) {
      const folder = join(own, name);
      const { members } = await scanMembers(kind, folder);
      const [first] = members;
      if (!first) continue;
      const sizes = await Promise.all(members.map(({ path }) => stat(path)));
      found.push({
        kind: kind.name,
        digest: await digestOf(first.identity),
        identity: first.identity,
        members: members.length,
        by: first.notes.by ?? "",
        bytes: sizes.reduce((sum, { size }) => sum + size, 0),
        folder,
      });
    }
  }
  return found;
}
