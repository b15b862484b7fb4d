import { useSignal } from "@preact/signals";
import { Difference } from "../controls/Difference.tsx";
import { Heads } from "../controls/Heads.tsx";
import { Pictures } from "../controls/Pictures.tsx";
import { comparisonFormats, comparisonOf, comparisonText, mean } from "../state/comparison.ts";
import { saveFile } from "../state/saveFile.ts";
import { frameCount, losses, mostPinned, type Pinned, pinned, run, shown, step, worth } from "../state/store.ts";

const endings = { Markdown: "md", LaTeX: "tex", CSV: "csv" } as const;

/** Runs side by side: only the settings that differ, their sets and their accuracies; two of them on one another. */
export function ComparePanel() {
  frameCount.value;
  const every = useSignal(false);
  const against = useSignal<string | undefined>(undefined);
  const own = current();
  const others = pinned.value.filter(({ id }) => id !== own?.id);
  const all = [...(own ? [own] : []), ...others];
  const { names, lines } = comparisonOf(all, every.value);
  const settings = names.slice(1, -3);
  const pin = () => {
    if (own) pinned.value = [...pinned.value, own].slice(-mostPinned);
  };
  const other = others.find(({ id }) => id === against.value) ?? others[0];
  return (
    <section class="panel wide" aria-labelledby="compare-title">
      <h2 id="compare-title">Compare</h2>
      <p>
        <button type="button" disabled={!own || pinned.value.some(({ id }) => id === own.id)} onClick={pin}>
          Pin this run
        </button>{" "}
        <span class="quiet">
          Then change the method or a setting and run again: both stay here, up to {mostPinned + 1}.
        </span>
      </p>
      {others.length > 0 && (
        <>
          <div class="scroll">
            <table class="compare">
              <Heads names={["run", ...settings, "step", "accuracy", "set"]} />
              <tbody>
                {all.map((one, i) => (
                  <tr key={one.id}>
                    <th scope="row">
                      {i === 0 && own ? "this run" : one.id}
                      {one !== own && (
                        <button
                          type="button"
                          onClick={() => {
                            pinned.value = pinned.value.filter(({ id }) => id !== one.id);
                          }}
                        >
                          unpin
                        </button>
                      )}
                    </th>
                    {settings.map((name, k) => (
                      <td key={name}>{lines[i]![k + 1]}</td>
                    ))}
                    <td>{one.step}</td>
                    <td>
                      {one.accuracies.length > 0 ? `${(100 * mean(one.accuracies)).toFixed(1)} %` : "not trained"}
                    </td>
                    <td>
                      <Pictures images={one.images} label={`The set of ${one.id}`} wide />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="buttons">
            <label>
              <input
                type="checkbox"
                checked={every.value}
                onChange={(event) => {
                  every.value = event.currentTarget.checked;
                }}
              />{" "}
              settings that do not differ, too
            </label>{" "}
            {comparisonFormats.map((format) => (
              <button
                key={format}
                type="button"
                onClick={() =>
                  saveFile(`comparison.${endings[format]}`, comparisonText({ names, lines }, format), "text/plain")
                }
              >
                save as {format}
              </button>
            ))}
          </p>
          {own && other && (
            <>
              <p>
                <label>
                  this run on{" "}
                  <select
                    value={other.id}
                    onChange={(event) => {
                      against.value = event.currentTarget.value;
                    }}
                  >
                    {others.map(({ id }) => (
                      <option key={id} value={id}>
                        {id}
                      </option>
                    ))}
                  </select>
                </label>
              </p>
              <Difference one={other.images} other={own.images} names={[other.id, "this run"]} />
            </>
          )}
        </>
      )}
    </section>
  );
}

function current(): Pinned | undefined {
  const [now, frame] = [run.value, shown.value];
  if (!now || !frame) return undefined;
  const accuracies = worth.value.get("set")?.accuracies ?? [];
  return { id: now.id, asked: now.asked, images: frame.images, step: step.value, losses: losses.value, accuracies };
}
