import { type Dataset, datasetFromFiles } from "../data/browser.ts";
import { AttarError } from "../engine/index.ts";
import type { DatasetSource } from "./contract.ts";
import type { Place } from "./place.ts";

/** The datasets that are open in a studio. */
export class OpenDatasets {
  private readonly datasets = new Map<string, Dataset>();

  constructor(private readonly place: Place) {}

  /** Opens a dataset that is offered by name, or of files. @throws AttarError "absent", and as loading does */
  async open(source: DatasetSource): Promise<Dataset> {
    const dataset =
      "known" in source ? await this.place.load(await this.offered(source.known)) : await this.ofFiles(source);
    this.datasets.set(idOf(dataset), dataset);
    return dataset;
  }

  /** A name among those that are offered here: a page opens no path of its own choosing. */
  private async offered(name: string): Promise<string> {
    const names = await this.place.datasets();
    if (names.includes(name)) return name;
    throw new AttarError("absent", `there is no dataset named "${name}" here`, `open one of ${names.join(", ")}`);
  }

  /** A dataset of files that a person chose; a fifth of each class is held out where there is no test split. */
  private ofFiles({ name, files, size }: Extract<DatasetSource, { name: string }>): Promise<Dataset> {
    const { decode } = this.place;
    return datasetFromFiles(
      name,
      files.map(({ path, bytes }) => ({ path, blob: new Blob([bytes]) })),
      { testShare: 0.2, ...(size !== undefined && { size }), ...(decode && { decode }) },
    );
  }

  /** The data of a run that was kept: those that are open, or that are known by name here. */
  async ofRun(name: string, checksum: string | undefined): Promise<Dataset> {
    const own = [...this.datasets.values()].find(
      (one) => one.name === name && (!checksum || one.checksum === checksum),
    );
    if (own) return own;
    if (!(await this.place.datasets()).includes(name))
      throw new AttarError(
        "absent",
        `the run is of ${name}, which is not open here`,
        "open its files first, as they were",
      );
    const dataset = await this.place.load(name);
    this.datasets.set(idOf(dataset), dataset);
    return dataset;
  }

  named(id: string): Dataset {
    const found = this.datasets.get(id);
    if (!found) throw new AttarError("absent", `there is no dataset ${id} here`, "open it first");
    return found;
  }
}

/** The engine's name for a dataset. */
export const idOf = ({ name, checksum }: Dataset): string => `${name}-${checksum.slice(0, 12)}`;
