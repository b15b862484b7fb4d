import { useSignal } from "@preact/signals";
import type { Alternative } from "../../src/studio/contract.ts";
import type { Actions } from "../actions.ts";

/** A list of parts that may take the place of one: those that cannot say why. They are tried when the list is first asked for. */
export function Exchange({
  slot,
  name,
  actions,
  choose,
}: {
  slot: string;
  name: string;
  actions: Actions;
  choose: (name: string) => void;
}) {
  const found = useSignal<readonly Alternative[] | undefined>(undefined);
  const look = async () => {
    found.value ??= await actions.alternatives(slot);
  };
  const verb = name === "" ? "add a trick" : "another";
  return (
    <p class="field">
      {found.value ? (
        <label>
          {verb}{" "}
          <select value={name} onChange={(event) => choose(event.currentTarget.value)}>
            {name === "" && <option value="">none</option>}
            {found.value.map(({ name: one, title, problem }) => (
              <option key={one} value={one} disabled={problem !== undefined} title={problem ?? title}>
                {problem === undefined ? `${one}: ${title}` : `${one}: cannot be, ${problem}`}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <button type="button" onClick={look} aria-label={name === "" ? "add a trick" : `another part for ${name}`}>
          {verb}…
        </button>
      )}
    </p>
  );
}
