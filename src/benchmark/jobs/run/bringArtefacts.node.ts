import { join } from "node:path";
import type { ArtefactSpec } from "../../../artefacts/index.ts";
import { artefactCache } from "../../../artefacts/node/artefactCache.node.ts";
import { writeAtomic } from "../../../data/index.ts";
import type { Store } from "../../store/store.ts";

/**
 * Brings the members of artefacts that the store has, made on whatever machine, to this one's cache; what the store has not any more is
 * made again by the run itself.
 */
export async function bringArtefacts(
  specs: readonly ArtefactSpec[],
  keys: readonly string[],
  store: Store,
): Promise<void> {
  for (const [i, spec] of specs.entries()) {
    const { count, where } = await artefactCache().there!(spec);
    const result = count < spec.count && keys[i] ? await store.result("experts", keys[i]) : undefined;
    for (const [name, digest] of Object.entries(result?.made.members ?? {}))
      if (await store.hasObject(digest)) await writeAtomic(join(where, name), await store.object(digest));
  }
}
