import { useSignal } from "@preact/signals";
import type { Actions } from "../actions.ts";
import { Bars } from "../controls/Bars.tsx";
import { Pictures } from "../controls/Pictures.tsx";
import { about, dataset, problem, samples } from "../state/store.ts";

/** T: what is real. Its classes with their numbers, some of its samples, and the way to data of one's own. */
export function DataPanel({ actions }: { actions: Actions }) {
  const over = useSignal(false);
  const size = useSignal("");
  const facts = dataset.value;
  const most = Math.max(1, ...(facts?.counts.train ?? []));
  const open = async (files: Found) => {
    const [first] = files;
    const name = first?.path.includes("/") ? first.path.split("/")[0]! : (first?.path.replace(/\.\w+$/, "") ?? "");
    if (!first)
      problem.value = {
        message: "nothing was dropped that can be read",
        hint: "drop a folder with a folder a class in it, a zip archive of one, or a table",
      };
    else await actions.open({ name, files: await read(files), ...(size.value && { size: size.value }) });
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    over.value = false;
    await open(await droppedFiles(event.dataTransfer?.items));
  };
  const chosen = async (event: Event) => {
    const list = [...((event.currentTarget as HTMLInputElement).files ?? [])];
    if (list.length === 0) return;
    await open(list.map((file) => ({ path: file.webkitRelativePath || file.name, blob: file })));
  };
  return (
    <section
      class={over.value ? "panel over" : "panel"}
      aria-labelledby="data-title"
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={drop}
    >
      <h2 id="data-title">
        <abbr title="the training data">T</abbr>: what is real
      </h2>
      {facts ? (
        <>
          <p>
            {facts.name}: {total(facts.counts.train)} images to train on, {total(facts.counts.test)} to test on
          </p>
          {samples.value && <Pictures images={samples.value} label={`Samples of ${facts.name}, a row a class`} />}
          <details>
            <summary>{facts.classes.length} classes</summary>
            <Bars
              caption="Training images by class"
              bars={facts.classes.map((name, i) => ({
                name,
                share: facts.counts.train[i]! / most,
                text: String(facts.counts.train[i]),
              }))}
            />
          </details>
          {facts.notes.map((note) => (
            <p key={note} class="quiet">
              {note}
            </p>
          ))}
        </>
      ) : (
        <p class="quiet">Opening…</p>
      )}
      {about.value && about.value.datasets.length > 1 && (
        <p>
          <label>
            dataset{" "}
            <select value={facts?.name ?? ""} onChange={(event) => actions.open({ known: event.currentTarget.value })}>
              {about.value.datasets.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        </p>
      )}
      <p class="own">
        <label class="button">
          Open a folder of images
          <input type="file" class="hidden" {...{ webkitdirectory: true }} multiple onChange={chosen} />
        </label>{" "}
        <label class="button">
          or a file
          <input type="file" class="hidden" accept={kinds} multiple onChange={chosen} />
        </label>{" "}
        <label>
          size{" "}
          <select
            value={size.value}
            onChange={(event) => {
              size.value = event.currentTarget.value;
            }}
          >
            <option value="">as they are</option>
            {sizes.map((side) => (
              <option key={side} value={side}>
                {side} x {side}
              </option>
            ))}
          </select>
        </label>{" "}
        <span class="quiet">
          Or drop it here: a folder a class, a zip archive of that, a CSV or Parquet table, an .npz. It stays on this
          machine.
        </span>
      </p>
    </section>
  );
}

/** Kinds of files that are data by themselves. */
const kinds = ".zip,.csv,.tsv,.arff,.parquet,.npz";

/** Sizes that images can be brought to. */
const sizes = ["16", "28", "32", "64"];

const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);

type Found = { path: string; blob: Blob }[];

/** The bytes of files, with their paths below the folder that was chosen. */
const read = async (files: Found) =>
  Promise.all(
    files.map(async ({ path, blob }) => ({
      path: path.slice(path.indexOf("/") + 1),
      bytes: new Uint8Array(await blob.arrayBuffer()),
    })),
  );

/** The files of what was dropped, with their paths; a folder is read until it gives no more. */
async function droppedFiles(items: DataTransferItemList | undefined): Promise<Found> {
  const entries = [...(items ?? [])].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const found: Found = [];
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    if (entry instanceof FileSystemFileEntry) {
      const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
      found.push({ path: entry.fullPath.replace(/^\//, ""), blob: file });
    } else if (entry instanceof FileSystemDirectoryEntry) {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) return;
        for (const one of some) await walk(one);
      }
    }
  };
  for (const entry of entries) await walk(entry);
  return found;
}
