import type { Asked } from "../../src/studio/contract.ts";
import { Pictures } from "../controls/Pictures.tsx";
import { frameCount, losses, mostPinned, type Pinned, pinned, run, shown, step, worth } from "../state/store.ts";

/** Runs side by side: only the settings that differ, their sets and their accuracies. */
export function ComparePanel() {
  frameCount.value;
  const own = current();
  const all = [...(own ? [own] : []), ...pinned.value];
  const names = settingsOf(all.map(({ asked }) => asked));
  const pin = () => {
    if (own) pinned.value = [...pinned.value, own].slice(-mostPinned);
  };
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
      {pinned.value.length > 0 && (
        <div class="scroll">
          <table class="compare">
            <thead>
              <tr>
                <th scope="col">run</th>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">step</th>
                <th scope="col">accuracy</th>
                <th scope="col">set</th>
              </tr>
            </thead>
            <tbody>
              {all.map((one, i) => (
                <tr key={one.id}>
                  <th scope="row">
                    {i === 0 && own ? "this run" : one.id}
                    {i > 0 && (
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
                  {names.map((name) => (
                    <td key={name}>{textOf(one.asked, name)}</td>
                  ))}
                  <td>{one.step}</td>
                  <td>{one.accuracies.length > 0 ? `${(100 * mean(one.accuracies)).toFixed(1)} %` : "not trained"}</td>
                  <td>
                    <Pictures images={one.images} label={`The set of ${one.id}`} wide />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
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

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

const textOf = (asked: Asked, name: string): string =>
  String({ ...asked, ...asked.settings }[name as keyof Asked] ?? "as usual");

/** The names of settings in which runs differ. */
function settingsOf(all: readonly Asked[]): string[] {
  const names = new Set(all.flatMap((asked) => [...Object.keys(asked), ...Object.keys(asked.settings)]));
  names.delete("settings");
  return [...names].filter((name) => new Set(all.map((asked) => textOf(asked, name))).size > 1);
}
