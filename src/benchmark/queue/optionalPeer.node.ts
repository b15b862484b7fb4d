import { AttarError } from "../../engine/errors.ts";

/** The versions that were tested. A range would let npm choose by Node's version an older line without heartbeats. */
const tested = { "pg-boss": "12.38.0", pg: "8.23.1", "@electric-sql/pglite": "0.5.17" } as const;
export type Peer = keyof typeof tested;

/**
 * Loads a package that attar does without unless a queue needs it.
 *
 * @param needed all that the queue needs, for the command in the error
 * @throws AttarError "absent-package" (exit code 1)
 */
export async function optionalPeer(name: Peer, needed: readonly Peer[]): Promise<unknown> {
  try {
    return await import(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new AttarError(
      "absent-package",
      `this queue needs ${name}, which is not installed`,
      `npm install --save-exact ${needed.map((one) => `${one}@${tested[one]}`).join(" ")}`,
      1,
    );
  }
}
