import type { Actions } from "../actions.ts";
import { Bars } from "../controls/Bars.tsx";
import { short } from "../controls/Curve.tsx";
import { distances, frameCount, shown } from "../state/store.ts";

/** How far S is from T, each distance beside that of another sample of T: a number alone says nothing. */
export function DistancesPanel({ actions }: { actions: Actions }) {
  frameCount.value;
  return (
    <section class="panel wide" aria-labelledby="distances-title">
      <h2 id="distances-title">Distances of S from T</h2>
      <p>
        <button type="button" disabled={!shown.value} onClick={actions.measure}>
          Measure
        </button>{" "}
        <span class="quiet">The mark is the distance of as many other samples of T.</span>
      </p>
      {distances.value.length > 0 && (
        <Bars
          caption="Distances, each on a scale of its own"
          bars={distances.value.map(({ name, value, reference }) => {
            const most = Math.max(value, reference ?? 0) || 1;
            const beside = reference === undefined ? "" : `, another sample ${short(reference)}`;
            return {
              name,
              share: value / most,
              text: `${short(value)}${beside}`,
              ...(reference !== undefined && { mark: reference / most }),
            };
          })}
        />
      )}
    </section>
  );
}
