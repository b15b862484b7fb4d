import { log } from "../state/store.ts";

/** What happened since the page was opened. */
export function LogPanel() {
  return (
    <section class="panel wide" aria-labelledby="log-title">
      <details>
        <summary>
          <h2 id="log-title">Log</h2>
        </summary>
        <ol class="log">
          {log.value.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </details>
    </section>
  );
}
