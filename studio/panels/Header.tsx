import type { Actions } from "../actions.ts";
import { asked, methods, pace, problem, recorded, resolved, run, step } from "../state/store.ts";

/** What is asked for in one line, with the controls of the run. */
export function Header({ actions }: { actions: Actions }) {
  const now = asked.value;
  const running = run.value?.state === "running";
  const refused = resolved.value?.ok === false ? resolved.value.problem : undefined;
  const change = (part: Partial<typeof now>) => {
    asked.value = { ...asked.value, ...part };
  };
  const whole = (text: string, least: number) =>
    /^\d{1,9}$/.test(text) && Number(text) >= least ? Number(text) : undefined;
  return (
    <header>
      <h1>attar studio</h1>
      <form
        class="controls"
        onSubmit={(event) => {
          event.preventDefault();
          actions.start();
        }}
      >
        <label>
          method
          <select value={now.method} onChange={(event) => change({ method: event.currentTarget.value, settings: {} })}>
            {methods.value.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          images a class
          <input
            type="number"
            min="1"
            value={now.ipc}
            onChange={(event) => change({ ipc: whole(event.currentTarget.value, 1) ?? now.ipc })}
          />
        </label>
        <label>
          steps
          <input
            type="number"
            min="1"
            value={now.steps ?? ""}
            placeholder="preset"
            onChange={(event) => change({ steps: whole(event.currentTarget.value, 1) })}
          />
        </label>
        <label>
          network
          <input
            type="text"
            value={now.network ?? ""}
            placeholder="usual"
            size={22}
            onChange={(event) => change({ network: event.currentTarget.value.trim() || undefined })}
          />
        </label>
        <label>
          seed
          <input
            type="number"
            min="0"
            value={now.seed}
            onChange={(event) => change({ seed: whole(event.currentTarget.value, 0) ?? now.seed })}
          />
        </label>
        <button type="submit" class="main" disabled={running || refused !== undefined}>
          ▶ run
        </button>
        {running ? (
          <button type="button" disabled={recorded.value} onClick={actions.stop}>
            stop
          </button>
        ) : (
          <>
            <button type="button" disabled={run.value?.state !== "stopped"} onClick={actions.resume}>
              go on
            </button>
            <button type="button" disabled={run.value?.state !== "stopped"} onClick={actions.step}>
              one step
            </button>
          </>
        )}
      </form>
      <p class="status" role="status">
        {statusText()}
      </p>
      <p class="leave">
        <button type="button" onClick={actions.copyCommand} disabled={!resolved.value?.ok}>
          copy the command
        </button>{" "}
        <button type="button" onClick={actions.copyLink}>
          copy a link
        </button>{" "}
        {(["safetensors", "npz", "png", "zip"] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            disabled={!run.value || recorded.value || (kind === "zip" && running)}
            title={kind === "zip" ? "the run folder, with which attar condense --resume goes on" : undefined}
            onClick={() => actions.save(kind)}
          >
            save .{kind}
          </button>
        ))}
      </p>
      {(problem.value ?? refused) && (
        <p class="problem" role="alert">
          {(problem.value ?? refused)!.message}{" "}
          {(problem.value ?? refused)!.hint && <span>→ {(problem.value ?? refused)!.hint}</span>}
        </p>
      )}
    </header>
  );
}

function statusText(): string {
  const now = run.value;
  if (!now) return "the engine is starting";
  const at = `step ${step.value} of ${now.steps}`;
  if (recorded.value) return `${at}, recorded`;
  if (now.state !== "running") return `${at}, ${now.state}`;
  const rate = pace.value;
  if (!rate) return at;
  return `${at} · ${rate >= 1 ? `${rate.toFixed(1)} steps a second` : `${(1 / rate).toFixed(1)} s a step`} · ${left((now.steps - step.value) / rate)} left`;
}

const left = (seconds: number) => (seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`);
