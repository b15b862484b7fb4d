import type { OptionValue } from "../../src/engine/index.ts";
import { OptionField } from "../controls/OptionField.tsx";
import { asked, methods, resolved } from "../state/store.ts";

/** The method as a point on the four axes, each with the options of its parts; what cannot be says why before anything starts. */
export function MethodPanel() {
  const now = asked.value;
  const found = resolved.value;
  const facts = methods.value.find(({ name }) => name === now.method);
  const set = (path: string, value: OptionValue | undefined) => {
    const { [path]: _, ...rest } = asked.value.settings;
    asked.value = { ...asked.value, settings: value === undefined ? rest : { ...rest, [path]: value } };
  };
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
      {found && !found.ok && <p class="problem">{found.problem.message}</p>}
      {found?.ok && (
        <>
          <div class="axes">
            {found.axes.map(({ axis, parts }) => (
              <fieldset key={axis}>
                <legend>{axis}</legend>
                {parts.length === 0 && <p class="quiet">none</p>}
                {parts.map((part) => (
                  <details
                    key={`${part.noun} ${part.name}`}
                    open={part.fields.some(({ path }) => path in now.settings)}
                  >
                    <summary>
                      {part.noun}: {part.name}
                    </summary>
                    <p class="quiet">{part.title}</p>
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
