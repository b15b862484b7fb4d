import type { Dataset } from "../../data/dataset.ts";
import { arrayShape } from "../../data/domain.ts";
import { readerOf } from "../../data/reader.ts";
import { AttarError, randomKey, Tensor } from "../../engine/index.ts";
import { buildNetwork, sourceNamed } from "../../hypotheses/index.ts";
import type { Method } from "../../methods/method.ts";
import { claimOfRun } from "../claimOfRun.ts";
import { condense, type RunOptions } from "../condense.ts";
import { type CondenseOptions, type Configuration, resolveConfiguration } from "../configuration.ts";
import { type Sketch, withoutSamples } from "./sketch.ts";

/** Noised sums that are drawn where nothing says how many. */
const usual = 300;

/**
 * Draws the noised sums of a private method from T, once: the sketch.
 *
 * @param onRelease is told how many of all are drawn
 * @throws AttarError where the method keeps no privacy, looks through networks that S trains, or reads T otherwise
 */
export async function drawSketch(
  dataset: Dataset,
  method: Method,
  options: CondenseOptions & Pick<RunOptions, "runtime" | "signal" | "noiseKey">,
  onRelease?: (drawn: number, all: number) => void,
): Promise<Sketch> {
  const { ipc = 10, seed, preset, network, augmentation, settings, runtime, signal, noiseKey } = options;
  const asked = { ipc, seed, preset, network, augmentation, settings };
  const planned = resolveConfiguration(dataset, method, asked);
  refuseOthers(dataset, method, planned);
  const { releases: most = usual } = planned.privacy ?? {};
  const releases = options.steps ?? (most < planned.steps ? most : Math.min(most, usual));
  const drawing = { ...asked, steps: releases, settings: { ...settings, "privacy.releases": releases } };
  const configuration = resolveConfiguration(dataset, method, drawing);
  const drawn = new Map<number, Tensor>();
  const take = (draw: number, means: Tensor) => {
    drawn.set(draw, means);
    onRelease?.(drawn.size, releases);
  };
  const run = condense(dataset, method, { ...drawing, runtime, signal, noiseKey, onRelease: take });
  for await (const event of run) {
    if (event.event !== "checkpoint" || event.step < releases) continue;
    const all = Tensor.stack(Array.from({ length: releases }, (_, draw) => drawn.get(draw)!));
    const { facts, sizes } = readerOf(dataset);
    const samples = sizes.reduce((sum, n) => sum + n, 0);
    return {
      dataset: await withoutSamples({ ...facts, source: "a sketch" }, samples, all),
      method,
      options: { ...asked, network: configuration.network, augmentation: configuration.matching, seed: seed ?? 0 },
      claim: claimOfRun(dataset, configuration, event.state)!,
      releases: all,
    };
  }
  throw new Error("the run ended without its releases");
}

function refuseOthers(
  { domain, name, target, classes, normalisation, shape }: Dataset,
  method: Method,
  run: Configuration,
): void {
  if (!run.privacy)
    throw new AttarError("bad-combination", `${method.name} keeps no privacy`, "use dp-dm, or --set privacy.epsilon=1");
  const source = sourceNamed(run.hypotheses.name);
  const made = source.make(
    run.hypotheses.options,
    buildNetwork(run.network, arrayShape(domain), classes.length),
    randomKey(0),
  );
  if (made.trainedImages(1, 10) > 0)
    throw new AttarError(
      "bad-combination",
      `${method.name} looks through networks that train on S, and a sketch is drawn before there is one`,
      "use a method of fresh networks, such as dp-dm",
    );
  if (domain.kind !== "image" || target || normalisation.zca)
    throw new AttarError(
      "bad-combination",
      `${name} cannot be sketched: sketches are of images of classes that are not whitened, not ${shape.join("x")} ${domain.kind}`,
      "use attar condense, which keeps the same privacy",
    );
}
