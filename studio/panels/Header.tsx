import type { Actions } from "../actions.ts";
import { Typed } from "../controls/Typed.tsx";
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
          <select
            value={now.method}
            onChange={(event) => change({ method: event.currentTarget.value, settings: {}, parts: {} })}
          >
            {methods.value.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label for="asked-ipc">
          images a class
          <Typed
            id="asked-ipc"
            type="number"
            min={1}
            value={String(now.ipc)}
            commit={(text) => change({ ipc: whole(text, 1) ?? now.ipc })}
          />
        </label>
        <label for="asked-steps">
          steps
          <Typed
            id="asked-steps"
            type="number"
            min={1}
            value={String(now.steps ?? "")}
            placeholder="preset"
            commit={(text) => change({ steps: whole(text, 1) })}
          />
        </label>
        <label for="asked-network">
          network
          <Typed
            id="asked-network"
            type="text"
            value={now.network ?? ""}
            placeholder="usual"
            size={22}
            commit={(text) => change({ network: text.trim() || undefined })}
          />
        </label>
        <label for="asked-seed">
          seed
          <Typed
            id="asked-seed"
            type="number"
            min={0}
            value={String(now.seed)}
            commit={(text) => change({ seed: whole(text, 0) ?? now.seed })}
          />
        </label>
        <button type="submit" class="main" disabled={running || refused !== undefined || now.dataset === ""}>
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
        </button>
        {resolved.value?.ok && resolved.value.record && (
          <button type="button" onClick={actions.saveRecord}>
            save the method's file
          </button>
        )}
        <button type="button" onClick={actions.copyLink}>
          copy a link
        </button>
        {(["safetensors", "npz", "png", "images", "zip"] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            disabled={!run.value || recorded.value || (kind === "zip" && running)}
            title={kind === "zip" ? "the run folder, with which attar condense --resume goes on" : undefined}
            onClick={() => actions.save(kind)}
          >
            {kind === "images" ? "save the images" : `save .${kind}`}
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
