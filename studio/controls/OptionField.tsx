import type { OptionValue } from "../../src/engine/index.ts";
import type { Field } from "../../src/studio/contract.ts";
import { Typed } from "./Typed.tsx";

/** An option of a part as a form shows it: its rule says which control it is. */
export function OptionField({
  field,
  changed,
  set,
}: {
  field: Field;
  changed: boolean;
  set: (value: OptionValue | undefined) => void;
}) {
  const { path, name, schema, value } = field;
  const id = `option-${path}`;
  return (
    <p class={changed ? "field changed" : "field"}>
      <label for={id} title={schema.description}>
        {name}
      </label>
      {schema.enum ? (
        <select id={id} value={String(value)} onChange={(event) => set(event.currentTarget.value)}>
          {schema.enum.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      ) : schema.type === "boolean" ? (
        <input
          id={id}
          type="checkbox"
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      ) : schema.type === "string" ? (
        <Typed id={id} type="text" value={String(value)} commit={set} />
      ) : (
        <Typed
          id={id}
          type="number"
          value={String(value)}
          step={schema.type === "integer" ? 1 : "any"}
          {...(schema.minimum !== undefined && { min: schema.minimum })}
          {...(schema.maximum !== undefined && { max: schema.maximum })}
          commit={(text) => set(text === "" ? undefined : Number(text))}
        />
      )}
      {changed && (
        <button type="button" title={`back to ${schema.default}`} onClick={() => set(undefined)}>
          undo
        </button>
      )}
    </p>
  );
}
