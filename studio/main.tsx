import { render } from "preact";
import { actionsOn } from "./actions.ts";
import { localEngine } from "./api/local.ts";
import { playRecording } from "./api/recording.ts";
import { ComparePanel } from "./panels/ComparePanel.tsx";
import { DataPanel } from "./panels/DataPanel.tsx";
import { DistancesPanel } from "./panels/DistancesPanel.tsx";
import { Header } from "./panels/Header.tsx";
import { MethodPanel } from "./panels/MethodPanel.tsx";
import { SetPanel } from "./panels/SetPanel.tsx";
import { WorthPanel } from "./panels/WorthPanel.tsx";
import { linked } from "./state/link.ts";
import { asked, followResolution, methods, problem, take } from "./state/store.ts";

const engine = localEngine(new Worker("worker.js", { type: "module" }));
const actions = actionsOn(engine);
engine.listen(take);

function App() {
  return (
    <>
      <Header actions={actions} />
      <main>
        <DataPanel actions={actions} />
        <SetPanel />
        <WorthPanel actions={actions} />
        <MethodPanel />
        <ComparePanel />
        <DistancesPanel actions={actions} />
      </main>
      <footer class="quiet">Everything is computed in this page; nothing leaves it.</footer>
    </>
  );
}

render(<App />, document.getElementById("page")!);

const { asked: fromLink, unknown } = linked(location.hash);
asked.value = { ...asked.value, ...fromLink };
if (unknown.length > 0)
  problem.value = {
    message: `the link asks for what is not known here: ${unknown.join(", ")}`,
    hint: "the rest of it holds",
  };

/** The recorded run moves while the engine starts; the live one takes over where the reader has asked for the same. */
async function begin(): Promise<void> {
  const isPlain = Object.keys(fromLink).length === 0 && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const playing = isPlain ? playRecording() : undefined;
  methods.value = await engine.methods();
  followResolution(engine);
  await actions.open({ known: "digits" });
  await engine.warm();
  playing?.then((end) => end());
  if (isPlain) await actions.start();
}
begin().catch((error: Error) => {
  problem.value = { message: error.message };
});
