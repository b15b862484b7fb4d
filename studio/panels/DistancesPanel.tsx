import type { Actions } from "../actions.ts";
import { Bars } from "../controls/Bars.tsx";
import { Curve, short } from "../controls/Curve.tsx";
import { cursor, distances, following, frameCount, readings, run, shown, step } from "../state/store.ts";

/** How far S is from T, each distance beside those of other samples of T: a number alone says nothing. */
export function DistancesPanel({ actions }: { actions: Actions }) {
  frameCount.value;
  const names = [...new Set(readings.value.flatMap((reading) => reading.distances.map(({ name }) => name)))];
  return (
    <section class="panel wide" aria-labelledby="distances-title">
      <h2 id="distances-title">Distances of S from T</h2>
      <p>
        <button type="button" disabled={!shown.value} onClick={actions.measure}>
          Measure
        </button>{" "}
        <label>
          <input
            type="checkbox"
            checked={following.value}
            disabled={!shown.value}
            onChange={(event) => actions.follow(event.currentTarget.checked)}
          />{" "}
          follow two of them while it runs
        </label>{" "}
        <span class="quiet">The band is that of five other samples of T, as many as S has.</span>
      </p>
      <div class="curves">
        {names.map((name) => {
          const points = readings.value.flatMap((reading) =>
            reading.distances.filter((one) => one.name === name).map((one) => [reading.step, one.value] as const),
          );
          const band = readings.value.at(-1)?.distances.find((one) => one.name === name)?.reference;
          return (
            <Curve
              key={name}
              label={name}
              lines={[{ name: "this run", points }]}
              steps={run.value?.steps ?? 1}
              at={cursor.value ?? step.value}
              {...(band && { band })}
            />
          );
        })}
      </div>
      {distances.value.length > 0 && (
        <Bars
          caption="Distances, each on a scale of its own"
          bars={distances.value.map(({ name, value, reference }) => {
            const most = Math.max(value, reference?.[1] ?? 0) || 1;
            const beside = reference ? `, other samples ${short(reference[0])} to ${short(reference[1])}` : "";
            return {
              name,
              share: value / most,
              text: `${short(value)}${beside}`,
              ...(reference && { mark: [reference[0] / most, reference[1] / most] as const }),
            };
          })}
        />
      )}
    </section>
  );
}
