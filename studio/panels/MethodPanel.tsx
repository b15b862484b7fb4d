import type { OptionValue } from "../../src/engine/index.ts";
import type { Actions } from "../actions.ts";
import { Exchange } from "../controls/Exchange.tsx";
import { OptionField } from "../controls/OptionField.tsx";
import { asked, methods, resolved } from "../state/store.ts";

/** The method as a point on the four axes, each with the options of its parts; what cannot be says why before anything starts. */
export function MethodPanel({ actions }: { actions: Actions }) {
  const now = asked.value;
  const found = resolved.value;
  const facts = methods.value.find(({ name }) => name === now.method);
  const set = (path: string, value: OptionValue | undefined) => {
    const { [path]: _, ...rest } = asked.value.settings;
    asked.value = { ...asked.value, settings: value === undefined ? rest : { ...rest, [path]: value } };
  };
  const exchange = (slot: string, name: string) => {
    const { settings, parts } = asked.value;
    // Settings of the part that goes say nothing about the one that comes.
    const rest = Object.entries(settings).filter(([path]) => !path.startsWith(`${slot}.`));
    asked.value = { ...asked.value, settings: Object.fromEntries(rest), parts: { ...parts, [slot]: name } };
  };
  const changed = Object.keys(now.parts ?? {}).length > 0;
  return (
    <section class="panel wide" aria-labelledby="method-title">
      <h2 id="method-title">The method, on four axes</h2>
      {facts && (
        <p>
          <strong>{facts.title}</strong> <span class="quiet">{facts.citation}</span>
          <br />
          <code>{facts.formula}</code>
        </p>
      )}
      {changed && (
        <p>
          With other parts:{" "}
          {Object.entries(now.parts ?? {})
            .map(([slot, name]) => `${slot} ${name || "none"}`)
            .join(", ")}{" "}
          <button
            type="button"
            onClick={() => {
              asked.value = { ...asked.value, parts: {} };
            }}
          >
            back to {now.method}
          </button>
        </p>
      )}
      {found && !found.ok && <p class="problem">{found.problem.message}</p>}
      {found?.ok && (
        <>
          <div class="axes">
            {found.axes.map(({ axis, parts }) => (
              <fieldset key={axis}>
                <legend>{axis}</legend>
                {parts.length === 0 && <p class="quiet">none</p>}
                {axis === "tricks" && (
                  <Exchange
                    slot="tricks"
                    name=""
                    actions={actions}
                    choose={(name) => exchange("tricks", [...parts.map((part) => part.name), name].join(","))}
                  />
                )}
                {parts.map((part) => (
                  <details
                    key={`${part.noun} ${part.name}`}
                    open={part.fields.some(({ path }) => path in now.settings)}
                  >
                    <summary>
                      {part.noun}: {part.name}
                    </summary>
                    <p class="quiet">{part.title}</p>
                    {part.slot && part.slot !== "tricks" && (
                      <Exchange
                        slot={part.slot}
                        name={part.name}
                        actions={actions}
                        choose={(name) => exchange(part.slot!, name)}
                      />
                    )}
                    {part.slot === "tricks" && (
                      <button
                        type="button"
                        onClick={() =>
                          exchange("tricks", parts.flatMap((other) => (other === part ? [] : [other.name])).join(","))
                        }
                      >
                        leave it out
                      </button>
                    )}
                    {part.fields.map((field) => (
                      <OptionField
                        key={field.path}
                        field={field}
                        changed={field.path in now.settings}
                        set={(value) => set(field.path, value)}
                      />
                    ))}
                  </details>
                ))}
              </fieldset>
            ))}
          </div>
          <p class="quiet">
            {found.steps} steps of {found.realBatch} real images a class through {found.network};{" "}
            {operations(found.cost.operations)} operations, {Math.ceil(found.cost.bytes / 2 ** 20)} MiB a step.
          </p>
        </>
      )}
      {facts && facts.departures.length > 0 && (
        <details>
          <summary>Where it departs from its authors</summary>
          <ul>
            {facts.departures.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** A count with a word for its size. */
function operations(count: number): string {
  const [size, word] = count >= 1e15 ? [1e15, "quadrillion"] : count >= 1e12 ? [1e12, "trillion"] : [1e9, "billion"];
  return `${(count / size).toPrecision(2)} ${word}`;
}
