import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { headerMetadata } from "../../data/node/headerMetadata.node.ts";
import { waitForLock } from "../../data/node/lock.node.ts";
import { setAside } from "../../data/node/setAside.node.ts";
import { removeTemporary } from "../../data/node/temporaryName.node.ts";
import { makeFolder, writeAtomic } from "../../data/node/writeAtomic.node.ts";
import { AttarError, currentRuntime, type Runtime } from "../../engine/index.ts";
import type { ArtefactKind, ArtefactSpec, Identity, Maker, Member, Progress } from "../artefact.ts";
import { encodeArtefact } from "../file.ts";
import { readMember } from "./artefactFile.node.ts";
import { type Entry, memberName, partName, scanMembers } from "./artefactFolder.node.ts";

export interface MakeOptions {
  readonly runtime?: Runtime;
  readonly signal?: AbortSignal;
  /** Called after every epoch of a member's training, which is kept by then. */
  readonly onProgress?: (index: number, progress: Progress) => void;
  /** Called with whom it waits for, where another process makes members in the same folder. */
  readonly onWait?: (note: string) => void;
  readonly onMade?: (entry: Entry) => void;
  /** Called for each file of the folder that is damaged; those among the members asked for are renamed and made again. */
  readonly onDamaged?: (path: string, error: AttarError) => void;
}

/**
 * Makes the members of an artefact in a folder, one file each, each its own to the byte whatever was made before it. Members that
 * are there are kept, one that was interrupted goes on after its last whole epoch: the same call resumes. While another process
 * works there, the call waits, and makes what is still missing then.
 *
 * @throws AttarError "other-experts", or whatever the kind's name is, where the folder holds members of another identity,
 * "foreign-files" where one under way would overwrite another program's file, "interrupted" (exit code 4), and as the maker does
 */
export async function makeMembers(spec: ArtefactSpec, folder: string, options: MakeOptions = {}): Promise<void> {
  const { kind, identity, count } = spec;
  const { signal, runtime = currentRuntime() } = options;
  const maker = runtime.enter(() => spec.maker());
  try {
    await makeFolder(folder);
    const release = await waitForLock(folder, { signal, onWait: options.onWait });
    try {
      await removeTemporary(folder, new RegExp(`^${kind.noun}-\\d+(\\.part)?\\.safetensors$`));
      const { members, damaged } = await scanMembers(kind, folder);
      refuseOthers(kind, members, identity);
      for (const { path, error } of damaged) options.onDamaged?.(path, error);
      const by = await maderOf(runtime);
      const there = new Set(members.map(({ index }) => index));
      for (let index = 0; index < count; index++) {
        if (there.has(index)) continue;
        const wrong = damaged.find(({ path }) => path === join(folder, memberName(kind, index)));
        if (wrong) await setAside(wrong.path);
        await makeOne({ kind, identity, maker, folder, index, by, options });
      }
    } finally {
      release();
    }
  } catch (error) {
    throw signal?.aborted && !(error instanceof AttarError) ? interrupted(kind) : error;
  } finally {
    maker.dispose();
  }
}

interface One {
  readonly kind: ArtefactKind;
  readonly identity: Identity;
  readonly maker: Maker;
  readonly folder: string;
  readonly index: number;
  /** The command or program that makes it: a note for people. */
  readonly by: string;
  readonly options: MakeOptions;
}

async function makeOne({ kind, identity, maker, folder, index, by, options }: One): Promise<void> {
  const { signal } = options;
  const [part, path] = [join(folder, partName(kind, index)), join(folder, memberName(kind, index))];
  const body = await maker.make(index, {
    from: await partOf(kind, part, identity, index),
    signal,
    async keep(own, progress) {
      await writeAtomic(part, await encodeArtefact(kind, { identity, index, ...own }));
      options.onProgress?.(index, progress);
    },
  });
  const notes = { ...body.notes, ...(await maker.notes?.(body, signal)), by };
  await writeAtomic(path, await encodeArtefact(kind, { identity, index, notes, tensors: body.tensors }));
  await rm(part, { force: true });
  options.onMade?.({ path, index, identity, notes });
}

/**
 * A member under way; one of another identity, or a damaged file, starts over.
 *
 * @throws AttarError "foreign-files" (exit code 2) where the file is not one that attar wrote.
 */
async function partOf(
  kind: ArtefactKind,
  path: string,
  identity: Identity,
  index: number,
): Promise<Member | undefined> {
  if (existsSync(path) && (await headerMetadata(path))?.get("format") !== kind.format)
    throw new AttarError(
      "foreign-files",
      `${path} was not written by attar; nothing has been changed`,
      `choose another --out folder, or move ${path} away`,
    );
  const found = await readMember(kind, path).catch(() => undefined);
  const mine = found?.index === index && JSON.stringify(found.identity) === JSON.stringify(identity);
  return mine ? found : undefined;
}

function refuseOthers(kind: ArtefactKind, members: readonly Entry[], identity: Identity): void {
  const flat = ({ recipe, ...rest }: Identity): Record<string, unknown> => ({ ...rest, ...recipe });
  for (const { path, identity: theirs } of members) {
    const [mine, other] = [flat(identity), flat(theirs)];
    const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
    const differs = Object.keys(mine).filter((name) => text(mine[name]) !== text(other[name]));
    if (differs.length === 0) continue;
    const was = (name: string) => (other[name] === undefined ? "not recorded" : text(other[name]));
    const list = differs.map((name) => `${name} ${was(name)} (now ${text(mine[name])})`).join(", ");
    throw new AttarError(
      `other-${kind.name}`,
      `${path} was trained otherwise: ${list}`,
      "Repeat the original options, or choose another --out folder.",
    );
  }
}

async function maderOf(runtime: Runtime): Promise<string> {
  const { name, threads } = await runtime.loaded();
  const manifest = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(manifest) as { version: string };
  return [`attar ${version}`, name, ...(threads ? [`${threads} ${threads === 1 ? "thread" : "threads"}`] : [])].join(
    ", ",
  );
}

const interrupted = ({ noun }: ArtefactKind) =>
  new AttarError(
    "interrupted",
    `the ${noun}s were interrupted; finished ones and whole epochs are kept`,
    "The same command goes on.",
    4,
  );
