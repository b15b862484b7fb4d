import { badData } from "../../data/badData.ts";
import type { Dataset } from "../../data/dataset.ts";
import { domainOf } from "../../data/domain.ts";
import { encodeSafetensors, parseSafetensors } from "../../data/formats/safetensors.ts";
import { parseStrictJson } from "../../data/formats/strictJson.ts";
import { knownDataset } from "../../data/knownDatasets.ts";
import { readerOf } from "../../data/reader.ts";
import { type OptionValue, tensor } from "../../engine/index.ts";
import { checkedClaim } from "../../privacy/index.ts";
import type { CondenseOptions } from "../configuration.ts";
import { methodFrom } from "../record/methodForm.ts";
import { type Sketch, withoutSamples } from "./sketch.ts";

const format = "attar-sketch-1";

/** A sketch as a .safetensors file: its releases, and in the metadata all else as JSON. */
export async function encodeSketch({ dataset, method, options, claim, releases }: Sketch): Promise<Uint8Array> {
  const { name, known, shape, classes, normalisation, checksum } = dataset;
  const samples = readerOf(dataset).sizes.reduce((sum, n) => sum + n, 0);
  const facts = { name, known, shape, classes, normalisation, samples };
  const metadata = { format, facts, method, options, claim };
  return encodeSafetensors(
    { releases: { shape: releases.shape, data: releases.data as Float32Array } },
    {
      ...Object.fromEntries(
        Object.entries(metadata).map(([key, value]) => [
          key,
          typeof value === "string" ? value : JSON.stringify(value),
        ]),
      ),
      sha256: checksum,
    },
  );
}

/**
 * Reads what {@link encodeSketch} wrote.
 *
 * @param where what to call the file in an error
 * @throws AttarError "bad-data" where it is no sketch or was changed; "claim-refuted" where its claim is less than its noise costs
 */
export async function parseSketch(bytes: Uint8Array, where: string): Promise<Sketch> {
  const { tensors, metadata } = parseSafetensors(bytes, where);
  if (metadata.format !== format) throw badData(where, "it is no sketch: attar sketch writes them");
  const stored = tensors.get("releases");
  if (!(stored?.data instanceof Float32Array) || stored.shape.length !== 3) throw badData(where, "it has no releases");
  const read = (key: string) => parseStrictJson(metadata[key] ?? "", `${where}: its ${key}`);
  const { samples, shape, ...facts } = factsFrom(read("facts"), where);
  const releases = tensor(stored.data, stored.shape);
  if (stored.shape[1] !== facts.classes.length) throw badData(where, "its releases are not of its classes");
  const domain = knownDataset(facts.known ?? "")?.domain ?? domainOf(shape);
  const source = "a sketch";
  const dataset = await withoutSamples({ ...facts, shape, domain, source }, samples, releases);
  if (dataset.checksum !== metadata.sha256) throw badData(where, "its releases have changed since they were written");
  const { recomputed: _, ...claim } = checkedClaim(read("claim"), where);
  return { dataset, method: methodFrom(read("method")), options: optionsIn(read("options"), where), claim, releases };
}

/** Drawn samples and shape beside the facts of a dataset. */
type Facts = Pick<Dataset, "name" | "known" | "shape" | "classes" | "normalisation"> & { readonly samples: number };

function factsFrom(value: unknown, where: string): Facts {
  const facts = value as Partial<Facts> | null;
  const numbers = (list: unknown, least: number): list is number[] =>
    Array.isArray(list) && list.every((v) => typeof v === "number" && Number.isFinite(v) && v >= least);
  const { name, known, shape, classes, normalisation, samples } = facts ?? {};
  const sound =
    typeof name === "string" &&
    (known === undefined || typeof known === "string") &&
    numbers(shape, 1) &&
    shape.length === 3 &&
    Array.isArray(classes) &&
    classes.length > 1 &&
    classes.every((one) => typeof one === "string") &&
    numbers(normalisation?.mean, Number.NEGATIVE_INFINITY) &&
    numbers(normalisation?.std, 0) &&
    Number.isSafeInteger(samples) &&
    samples! >= classes.length &&
    samples! < 2 ** 31;
  if (!sound) throw badData(where, "its facts do not describe a dataset");
  return facts as Facts;
}

function optionsIn(value: unknown, where: string): Sketch["options"] {
  const options = value as Partial<CondenseOptions> | null;
  const settings: unknown = options?.settings ?? {};
  const plain = (v: unknown): v is OptionValue => ["string", "number", "boolean"].includes(typeof v);
  const sound =
    typeof options === "object" &&
    options !== null &&
    Number.isSafeInteger(options.ipc) &&
    typeof settings === "object" &&
    settings !== null &&
    Object.values(settings).every(plain);
  if (!sound) throw badData(where, "its options are no options of a run");
  return options as Sketch["options"];
}
