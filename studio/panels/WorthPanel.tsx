import type { ScoreSubject } from "../../src/studio/contract.ts";
import type { Actions } from "../actions.ts";
import { Bars } from "../controls/Bars.tsx";
import { frameCount, run, shown, subjectNames, training, worth } from "../state/store.ts";
import { DrawPanel } from "./DrawPanel.tsx";

const subjects: readonly ScoreSubject[] = ["set", "random", "kmeans", "full"];

/** What S is worth: networks trained on it beside networks on as many real images, tested on images that none has seen. */
export function WorthPanel({ actions }: { actions: Actions }) {
  frameCount.value;
  const count = shown.value?.images.count;
  return (
    <section class="panel" aria-labelledby="worth-title">
      <h2 id="worth-title">What S is worth</h2>
      <p>
        <button
          type="button"
          class="main"
          disabled={count === undefined || training.value !== undefined || !run.value}
          onClick={() => actions.score(["set", "random", "kmeans"])}
        >
          Train on these {count ?? ""} images
        </button>{" "}
        <button
          type="button"
          disabled={training.value !== undefined || count === undefined}
          onClick={() => actions.score(["set", "random", "kmeans", "full"])}
        >
          and on all of T
        </button>
        {training.value !== undefined && (
          <button type="button" onClick={actions.stopScoring}>
            stop
          </button>
        )}
      </p>
      <p class="quiet" role="status">
        {training.value ??
          (worth.value.size > 0
            ? "Accuracy on test images, with the spread of its networks."
            : "Nothing is trained yet.")}
      </p>
      {worth.value.size > 0 && (
        <Bars
          caption="Accuracy on the test split"
          bars={subjects
            .filter((subject) => worth.value.has(subject))
            .map((subject) => {
              const { accuracies } = worth.value.get(subject)!;
              const mean = accuracies.reduce((a, b) => a + b, 0) / Math.max(1, accuracies.length);
              const spread = Math.sqrt(
                accuracies.reduce((s, v) => s + (v - mean) ** 2, 0) / Math.max(1, accuracies.length - 1),
              );
              const networks =
                accuracies.length === 1 ? "1 network" : `± ${(100 * spread).toFixed(1)}, ${accuracies.length} networks`;
              return { name: subjectNames[subject], share: mean, text: `${(100 * mean).toFixed(1)} % (${networks})` };
            })}
        />
      )}
      <DrawPanel actions={actions} />
    </section>
  );
}
