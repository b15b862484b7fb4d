import type { CondenseOptions } from "../condense/index.ts";
import { AttarError } from "../engine/index.ts";
import { parseNetwork } from "../hypotheses/index.ts";
import { type Method, methodNamed } from "../methods/index.ts";
import type { Asked } from "./contract.ts";
import { isSlot, type Parts, slots, withParts } from "./withParts.ts";

/** The method and the options of `condense` that are asked for. */
export function askedOf({ method: name, ipc, seed, steps, network, settings, parts = {} }: Asked): {
  method: Method;
  options: CondenseOptions;
} {
  const own = methodNamed(name);
  const method = withParts(own, partsOf(parts));
  return {
    method,
    options: {
      ...(method !== own && { record: method }),
      ipc,
      seed,
      settings,
      ...(steps !== undefined && { steps }),
      ...(network !== undefined && { network: parseNetwork(network) }),
    },
  };
}

/** @throws AttarError "bad-option" for a slot that there is not */
function partsOf(parts: Readonly<Record<string, string>>): Parts {
  const wrong = Object.keys(parts).find((slot) => !isSlot(slot));
  if (wrong !== undefined)
    throw new AttarError(
      "bad-option",
      `no part of a method can be exchanged at "${wrong}"`,
      `use one of ${slots.join(", ")}`,
    );
  return parts;
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
