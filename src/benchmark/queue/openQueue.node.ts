import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../data/index.ts";
import { setAside } from "../../data/node/setAside.node.ts";
import { AttarError } from "../../engine/errors.ts";
import { InProcessQueue } from "./inProcess.ts";
import { BossQueue } from "./pgBoss.node.ts";
import type { Queue } from "./queue.ts";

/**
 * The queue of an address: none or "memory" for this process's memory, "embedded" for a database in a folder, postgres:// for one that many
 * machines share.
 *
 * @param folder where an embedded one is kept. One that cannot be opened is set aside: the store is the truth, and fills it again
 * @throws AttarError "bad-option", and as {@link BossQueue} does
 */
export async function openQueue(address: string, folder: string): Promise<Queue> {
  if (address === "memory") return new InProcessQueue();
  if (address === "embedded") {
    const place = join(folder, "queue");
    await makeFolder(folder);
    try {
      return await BossQueue.embedded(place);
    } catch (error) {
      const broken = error instanceof AttarError && error.code === "no-queue" && existsSync(place);
      if (!broken) throw error;
      await setAside(place);
      return BossQueue.embedded(place);
    }
  }
  if (/^postgres(ql)?:\/\//.test(address)) return BossQueue.connect(address);
  throw new AttarError(
    "bad-option",
    `"${address}" is no queue`,
    "use --queue memory, embedded, or postgres://user:password@host/database",
  );
}
