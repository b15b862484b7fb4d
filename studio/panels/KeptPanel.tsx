import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Kept, StudyFacts } from "../../src/studio/contract.ts";
import { reportsKey } from "../../src/studio/reportsKey.ts";
import type { Actions } from "../actions.ts";
import { Heads } from "../controls/Heads.tsx";
import { about, kept, recorded, study } from "../state/store.ts";

/** The most runs of the list. */
const shownRuns = 200;

/** What is kept where runs are: earlier runs, whoever made them, studies and reports. */
export function KeptPanel({ actions, token }: { actions: Actions; token: string | undefined }) {
  const found = kept.value;
  return (
    <section class="panel wide" aria-labelledby="kept-title">
      <h2 id="kept-title">Runs, studies and reports</h2>
      <p>
        <button type="button" disabled={recorded.value && !about.value} onClick={actions.look}>
          {found ? "Look again" : "Look"}
        </button>{" "}
        <span class="quiet">
          {about.value?.engine === "on this machine"
            ? "Those of the folder of runs, also what attar condense and attar benchmark wrote there."
            : "Those that this page left in the browser's storage for this site."}
        </span>
      </p>
      {found && <Storage kept={found} />}
      {found && <Runs kept={found} actions={actions} />}
      {found && found.studies.length > 0 && (
        <p class="buttons">
          Studies:
          {found.studies.map((id) => (
            <button key={id} type="button" onClick={() => actions.openStudy(id)}>
              {id}
            </button>
          ))}
        </p>
      )}
      {study.value && <Study facts={study.value} />}
      {found && token !== undefined && found.reports.length > 0 && <Reports names={found.reports} token={token} />}
    </section>
  );
}

function Storage({ kept: { storage } }: { kept: Kept }) {
  if (!storage) return null;
  const size = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  const persist = () => navigator.storage.persist();
  return (
    <p class="quiet">
      {size(storage.used)} of {size(storage.quota)} are used
      {storage.persistent ? ", and the browser keeps them" : ". The browser may clear them when space is short "}
      {!storage.persistent && (
        <button type="button" onClick={persist}>
          ask it to keep them
        </button>
      )}
    </p>
  );
}

function Runs({ kept: { runs }, actions }: { kept: Kept; actions: Actions }) {
  if (runs.length === 0) return <p class="quiet">No run yet.</p>;
  return (
    <div class="scroll">
      <table class="compare">
        <caption>
          {runs.length > shownRuns
            ? `The newest ${shownRuns} of ${runs.length} runs`
            : `${runs.length} runs, the newest first`}
        </caption>
        <Heads names={["run", "data", "method", "images a class", "seed", "steps", ""]} />
        <tbody>
          {runs.slice(0, shownRuns).map((run) => (
            <tr key={run.id}>
              <th scope="row">{run.id}</th>
              <td>{run.dataset}</td>
              <td>{run.method}</td>
              <td>{run.ipc}</td>
              <td>{run.seed}</td>
              <td>
                {run.steps}
                {run.finished ? "" : ", unfinished"}
              </td>
              <td>
                <button type="button" onClick={() => actions.openRun(run.id)}>
                  open
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A study's cells as a heat map: each figure with its ground the darker the better it is within its column. */
function Study({ facts: { id, metric, columns, rows } }: { facts: StudyFacts }) {
  const extents = columns.map((_, i) => {
    const means = rows.flatMap(({ values }) => (values[i] ? [values[i].mean] : []));
    return [Math.min(...means), Math.max(...means)] as const;
  });
  return (
    <div class="scroll">
      <table class="compare heat">
        <caption>
          {metric} in {id}, in %: the mean over networks and seeds ± their standard deviation
        </caption>
        <Heads names={["method", ...columns]} />
        <tbody>
          {rows.map(({ method, values }) => (
            <tr key={method}>
              <th scope="row">{method}</th>
              {values.map((cell, i) => {
                const [least, most] = extents[i]!;
                const level = cell && most > least ? Math.round((4 * (cell.mean - least)) / (most - least)) : 0;
                return (
                  <td key={columns[i]} class={cell ? `heat${level}` : undefined}>
                    {cell ? `${(100 * cell.mean).toFixed(1)} ± ${(100 * cell.deviation).toFixed(1)}` : "–"}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Reports({ names, token }: { names: readonly string[]; token: string }) {
  const key = useSignal<string | undefined>(undefined);
  useEffect(() => {
    reportsKey(token).then((found) => {
      key.value = found;
    });
  }, [token]);
  return (
    <p class="buttons">
      Reports:
      {key.value &&
        names.map((name) => (
          <a
            key={name}
            href={`/reports/${key.value}/${encodeURIComponent(name)}/index.html`}
            target="_blank"
            rel="noreferrer"
          >
            {name || "of this folder"}
          </a>
        ))}
    </p>
  );
}
