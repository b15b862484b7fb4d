import type { Actions } from "../actions.ts";
import { Curve } from "../controls/Curve.tsx";
import { Pictures } from "../controls/Pictures.tsx";
import {
  cursor,
  dataset,
  display,
  frameCount,
  frames,
  losses,
  nearest,
  pinned,
  recorded,
  run,
  shown,
  step,
} from "../state/store.ts";

/** S: what is made. The set as it grows, a timeline to go back on, and its loss. */
export function SetPanel({ actions }: { actions: Actions }) {
  frameCount.value;
  const frame = shown.value;
  const { steps = 1, asked } = run.value ?? {};
  const names = dataset.value?.classes ?? [];
  return (
    <section class="panel" aria-labelledby="set-title">
      <h2 id="set-title">
        <abbr title="the condensed set">S</abbr>: what is made
      </h2>
      {frame ? (
        <>
          <Pictures
            images={frame.images}
            label={`The condensed set after step ${frame.step}`}
            display={display.value}
            {...(!recorded.value && { onPick: actions.findNearest })}
          />
          <p class="timeline">
            <label for="cursor">step {frame.step}</label>
            <input
              id="cursor"
              type="range"
              min="0"
              max={Math.max(step.value, 1)}
              value={cursor.value ?? step.value}
              onInput={(event) => {
                const at = Number(event.currentTarget.value);
                cursor.value = at >= step.value ? undefined : at;
              }}
              aria-valuetext={`step ${frame.step} of ${steps}, ${frames.count} pictures kept`}
            />
            <button
              type="button"
              disabled={cursor.value === undefined}
              onClick={() => {
                cursor.value = undefined;
              }}
            >
              newest
            </button>
          </p>
          <p class="quiet">
            {recorded.value ? "A recorded run of the same seed, until the engine is there. " : ""}
            {frame.images.count} images of {names.length} classes, shown{" "}
            <label>
              <select
                value={display.value}
                aria-label="the way that images are shown"
                onChange={(event) => {
                  display.value = event.currentTarget.value === "as is" ? "as is" : "full contrast";
                }}
              >
                <option value="as is">from black to white of the data</option>
                <option value="full contrast">each at full contrast</option>
              </select>
            </label>
          </p>
          {nearest.value && (
            <div class="nearest" aria-live="polite">
              <Pictures images={nearest.value.images} label="The nearest real image" />
              <p class="quiet">
                The real image nearest to image {nearest.value.image + 1} is a{" "}
                {names[nearest.value.images.labels[0]!] ?? ""}, {nearest.value.distance.toFixed(1)} away.
              </p>
            </div>
          )}
        </>
      ) : (
        <p class="quiet">Its first step is on the way.</p>
      )}
      <Curve
        label={`loss${asked ? ` of ${asked.method}` : ""}`}
        lines={[
          { name: "this run", points: losses.value },
          ...pinned.value
            .filter((other) => other.asked.method === asked?.method && other.id !== run.value?.id)
            .map((other) => ({ name: other.id, points: other.losses })),
        ]}
        steps={steps}
        at={cursor.value ?? step.value}
      />
    </section>
  );
}
