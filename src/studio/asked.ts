import type { CondenseOptions } from "../condense/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import type { Asked } from "./contract.ts";

/** The method and the options of `condense` that are asked for. */
export function askedOf({ method, ipc, seed, steps, network, settings }: Asked): {
  method: Method;
  options: CondenseOptions;
} {
  return {
    method: methodNamed(method),
    options: {
      ipc,
      seed,
      settings,
      ...(steps !== undefined && { steps }),
      ...(network !== undefined && { network: parseNetwork(network) }),
    },
  };
}

const nameInFile = (name: string) => name.replaceAll(/[^\w.-]+/g, "-").slice(0, 40);

/** The name of the run that is asked for: the same question has the same run folder, and goes on in it. */
export function runNameOf(asked: Asked, dataset: string): string {
  const { dataset: id, ipc, method, ...rest } = asked;
  return `studio-${nameInFile(dataset)}-${method}-ipc${ipc}-${identity([id, rest])}`;
}

function identity(value: unknown): string {
  let hash = 2_166_136_261;
  for (const c of JSON.stringify(value)) hash = Math.imul(hash ^ c.charCodeAt(0), 16_777_619);
  return (hash >>> 0).toString(36);
}
