import type { Array as Traced } from "@jax-js/jax";
import { resolveConfiguration } from "../condense/index.ts";
import { condenseToFolder, type FolderOptions } from "../condense/node/runFolder.node.ts";
import { load } from "../data/index.ts";
import { multiplyAdds, randomKey, size, zeros } from "../engine/index.ts";
import { buildNetwork, parseNetwork, type TracedParams } from "../hypotheses/index.ts";
import { methodNamed } from "../methods/index.ts";
import { log, type OutputOptions, Progress, print, table } from "./output.ts";
import { readSettings } from "./settings.ts";

export interface CondenseFlags extends OutputOptions {
  method: string;
  ipc?: number;
  out?: string;
  preset?: string;
  steps?: number;
  seed?: number;
  net?: string;
  config?: string;
  set: string[];
  resume?: boolean;
  force?: boolean;
  dryRun?: boolean;
}

/** `attar condense <dataset>`. */
export async function condenseCommand(name: string, flags: CondenseFlags): Promise<void> {
  const { ipc, preset, steps, seed, net } = flags;
  const settings = readSettings(flags.config, flags.set, { ipc, preset, steps, seed, net });
  const method = methodNamed(flags.method);
  const { net: network, ...rest } = settings;
  const options: FolderOptions = {
    ...rest,
    ipc: settings.ipc ?? 10,
    network: network === undefined ? undefined : parseNetwork(network),
    resume: flags.resume,
    force: flags.force,
  };
  const dataset = await load(name);
  const configuration = resolveConfiguration(dataset, method, options);
  if (flags.dryRun) return dryRun(dataset, configuration, flags);
  const folder =
    flags.out ??
    `runs/${dataset.name.replace(/[^\w.-]+/g, "_")}-${method.name}-ipc${configuration.ipc}-seed${configuration.seed}`;
  const abort = new AbortController();
  const stop = () => {
    if (abort.signal.aborted) process.exit(4);
    abort.abort();
    log("stopping after this step; press again to stop at once", flags);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  const progress = new Progress(flags);
  try {
    for await (const event of condenseToFolder(dataset, method, folder, { ...options, signal: abort.signal })) {
      if (flags.json) print(JSON.stringify(event));
      if (event.event === "start")
        log(
          `${method.title} on ${dataset.name}: ${configuration.ipc} images per class, ${configuration.steps} steps${event.step ? `, from step ${event.step}` : ""}`,
          flags,
        );
      if (event.event === "step") progress.show(event.step, event.steps, `loss ${event.loss.toPrecision(4)}`);
      if (event.event === "done") {
        progress.end();
        if (!flags.json)
          print(
            table([
              ["condensed", `${event.run}/condensed.safetensors`],
              ["picture", event.grid],
              ["seconds", event.seconds.toFixed(1)],
              ["next", `attar evaluate ${folder} --on ${name}`],
            ]),
          );
      }
    }
  } finally {
    progress.end();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** The resolved configuration with what it will cost: exact for memory of the set, counted for work, no time promised. */
async function dryRun(
  dataset: Awaited<ReturnType<typeof load>>,
  configuration: ReturnType<typeof resolveConfiguration>,
  flags: CondenseFlags,
): Promise<void> {
  const classes = dataset.classes.length;
  const images = classes * configuration.ipc;
  const network = buildNetwork(configuration.network, dataset.shape, classes);
  const image = zeros([1, ...dataset.shape]);
  const embed = (params: TracedParams, x: Traced) => network.embed(params, x);
  const macs = await multiplyAdds(embed, [network.init(randomKey(0)), image], "embedding");
  const flops = 2 * macs * (classes * configuration.realBatch + 3 * images);
  const estimate = {
    syntheticBytes: images * size(dataset.shape) * 4,
    datasetBytes: dataset.train.images.byteLength + dataset.test.images.byteLength,
    flopsPerStep: flops,
    flops: flops * configuration.steps,
    secondsAt100Gflops: Math.round((flops * configuration.steps) / 1e11),
  };
  if (flags.json) print(JSON.stringify({ configuration, estimate }));
  else {
    print(table(Object.entries(configuration).map(([k, v]) => [k, typeof v === "string" ? v : JSON.stringify(v)])));
    print("");
    print(table(Object.entries(estimate).map(([k, v]) => [k, v.toExponential(3)])));
  }
}
