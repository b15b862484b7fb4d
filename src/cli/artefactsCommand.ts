import { type Cached, listCache } from "../artefacts/node/artefactCache.node.ts";
import { byteCount } from "./numbers.ts";
import { log, type OutputOptions, print, printJson, table } from "./output.ts";

/** `attar artefacts`: what is kept of trainings that runs share. */
export async function artefactsCommand(flags: OutputOptions): Promise<void> {
  const found = await listCache();
  if (flags.json) return printJson({ artefacts: found });
  if (found.length === 0)
    return log("there are no artefacts yet: a run or a measurement that needs one makes it", flags);
  print(
    table([
      ["kind", "digest", "members", "bytes", "made from", "made by", "where"],
      ...found.map((one) => [
        one.kind,
        one.digest.slice(0, 12),
        String(one.members),
        byteCount(one.bytes),
        origin(one),
        one.by,
        one.folder,
      ]),
    ]),
  );
}

const origin = ({ identity: { dataset, network, seed } }: Cached) =>
  [dataset, ...(network === undefined ? [] : [String(network)]), `seed ${seed}`].join(", ");
