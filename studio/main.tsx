import { render } from "preact";
import type { Engine } from "../src/studio/contract.ts";
import { engineAt } from "../src/studio/line.ts";
import { type Actions, actionsOn, usual } from "./actions.ts";
import { ComparePanel } from "./panels/ComparePanel.tsx";
import { DataPanel } from "./panels/DataPanel.tsx";
import { DistancesPanel } from "./panels/DistancesPanel.tsx";
import { Header } from "./panels/Header.tsx";
import { KeptPanel } from "./panels/KeptPanel.tsx";
import { LogPanel } from "./panels/LogPanel.tsx";
import { MethodPanel } from "./panels/MethodPanel.tsx";
import { ProjectionPanel } from "./panels/ProjectionPanel.tsx";
import { SetPanel } from "./panels/SetPanel.tsx";
import { WorthPanel } from "./panels/WorthPanel.tsx";
import { linked } from "./state/link.ts";
import { playRecording } from "./state/recording.ts";
import { socketLine } from "./state/socketLine.ts";
import { about, asked, followResolution, methods, problem, take } from "./state/store.ts";

/** The token of the server's address: kept for this tab, and taken out of the address, which a person may copy. */
function tokenOfPage(): string | undefined {
  const found = /^#token=([0-9a-f]{32})$/.exec(location.hash)?.[1];
  if (found) {
    sessionStorage.setItem("token", found);
    history.replaceState(null, "", location.pathname);
  }
  return found ?? sessionStorage.getItem("token") ?? undefined;
}

/** Tells whether there is a graphics card that WebGPU can use, and the link does not ask for the CPU. */
async function cardThere(): Promise<boolean> {
  if (new URL(location.href).searchParams.has("cpu")) return false;
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  return adapter !== null && adapter !== undefined && !adapter.info?.isFallbackAdapter;
}

interface Adapter {
  /** Software that plays a card is slower than the CPU's own way. */
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

/** Keeps the site for visits without a network; a server of this machine needs none. */
function keepSite(token: string | undefined): void {
  if (token === undefined && "serviceWorker" in navigator)
    navigator.serviceWorker.register("offline.js").catch(() => {});
}

/** The engine of the server where the page knows its token, else one in a worker of the page. */
async function engineOf(token: string | undefined): Promise<Engine> {
  if (token === undefined) {
    const provider = (await cardThere()) ? "?provider=webgpu" : "";
    const worker = new Worker(`worker.js${provider}`, { type: "module" });
    worker.onerror = () => {
      problem.value = {
        message: "this page holds no engine",
        hint: "open the address that attar studio prints, with its token",
      };
    };
    return engineAt(worker);
  }
  const gone = () => {
    problem.value = {
      message: "the server is gone; what it computed is in its run folders",
      hint: "start attar studio again",
    };
  };
  return engineAt(await socketLine(token, gone));
}

function App({ actions, token }: { actions: Actions; token: string | undefined }) {
  const place = about.value?.engine === "on this machine" ? "by the server on this machine" : "in this page";
  return (
    <>
      <Header actions={actions} />
      <main>
        <DataPanel actions={actions} />
        <SetPanel actions={actions} />
        <WorthPanel actions={actions} />
        <MethodPanel actions={actions} />
        <ProjectionPanel />
        <DistancesPanel actions={actions} />
        <ComparePanel />
        <KeptPanel actions={actions} token={token} />
        <LogPanel />
      </main>
      <footer class="quiet">
        Everything is computed {place}
        {about.value && ` by ${about.value.executor}, ${about.value.threads} threads`}; nothing leaves it.
      </footer>
    </>
  );
}

/** A recorded run moves while the engine starts; the newest of its runs, or a live one of the same question, takes over. */
async function begin(): Promise<void> {
  const token = tokenOfPage();
  keepSite(token);
  const { asked: link, unknown } = linked(location.hash);
  const { data = usual, ...fromLink } = link;
  asked.value = { ...asked.value, ...fromLink };
  const asks = Object.keys(link).length > 0;
  const isPlain = !asks && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const playing = isPlain ? playRecording() : undefined;
  const engine = await engineOf(token);
  const actions = actionsOn(engine);
  engine.listen(take);
  render(<App actions={actions} token={token} />, document.getElementById("page")!);
  if (unknown.length > 0)
    problem.value = {
      message: `the link asks for what is not known here: ${unknown.join(", ")}`,
      hint: "the rest of it holds",
    };
  methods.value = await engine.methods();
  about.value = await engine.about();
  followResolution(engine);
  const last = await engine.newest();
  // A link asks for something else than the last run, unless that is under way.
  const newest = asks && last?.state !== "running" ? undefined : last;
  if (!newest) await actions.open({ known: data });
  await engine.warm();
  (await playing)?.();
  if (newest) await actions.showRun(newest);
  else if (isPlain) await actions.start();
}

begin().catch((error: Error) => {
  const page = document.getElementById("page")!;
  if (page.childElementCount === 0) page.textContent = error.message;
  problem.value = { message: error.message };
});
