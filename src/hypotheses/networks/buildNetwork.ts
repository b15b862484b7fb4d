import type { Array as Traced } from "@jax-js/jax";
import { AttarError, randomKey, registry } from "../../engine/index.ts";
import { linear } from "../layers/linear.ts";
import type { Pass, Stage } from "../layers/stage.ts";
import type { BatchStatistics, Network, NetworkSpec, TracedParams } from "../network.ts";
import { inCurrentRuntime } from "../perNetwork.ts";
import { alexnetArchitecture } from "./alexnet.ts";
import { type Architecture, specOf } from "./architecture.ts";
import { convnetArchitecture } from "./convnet.ts";
import { convnet1dArchitecture } from "./convnet1d.ts";
import { initialise } from "./initialise.ts";
import { lenetArchitecture } from "./lenet.ts";
import { linearArchitecture } from "./linear.ts";
import { mlpArchitecture } from "./mlp.ts";
import { resnet18Architecture } from "./resnet18.ts";
import { vgg11Architecture } from "./vgg11.ts";

/** The architectures, by the name a spec and the command line use. */
const byName = {
  convnet: convnetArchitecture,
  mlp: mlpArchitecture,
  linear: linearArchitecture,
  convnet1d: convnet1dArchitecture,
  lenet: lenetArchitecture,
  alexnet: alexnetArchitecture,
  vgg11: vgg11Architecture,
  resnet18: resnet18Architecture,
};

/** The architectures as a registry. */
export const architectureRegistry = registry("network", byName, {
  sentence: (name) => `there is no network "${name}"`,
  hint: (near, known) => `${near ? `Did you mean ${near}? ` : ""}Networks: ${known.join(", ")}.`,
});

/** All architectures, in the order of the registry. */
export const architectures: readonly Architecture[] = Object.values(byName);

/**
 * The architecture of that name.
 *
 * @param beside Other names that would have been taken where this was asked.
 * @throws AttarError "unknown-network".
 */
export const architectureNamed = (name: string, beside: readonly string[] = []): Architecture =>
  architectureRegistry.named(name, beside);

/**
 * Builds the network a spec names for one input shape [C, H, W] and number of classes. The network's own `spec` has every
 * option resolved; what is compiled of it belongs to the runtime that is current here.
 *
 * @throws AttarError "unknown-network", "unknown-option", "invalid-option", or "input-too-small" where the architecture does
 * not admit the input.
 */
export function buildNetwork(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  const architecture = architectureNamed(spec.name);
  const resolved = specOf(architecture, spec.options);
  const body = admitted(architecture, resolved, input);
  const head = linear("head", classes)(body.output);
  const batch: Pass = { moments: "batch" };
  const parameters = { ...body.parameters, ...head.parameters };
  return inCurrentRuntime({
    spec: resolved,
    input,
    classes,
    features: body.output[0]!,
    shapes: parameters,
    init: (key) => initialise(parameters, key, architecture.law?.(resolved.options)),
    embed(params, images) {
      disposeHead(params);
      return body.apply(params, images, batch);
    },
    activations(params, images) {
      disposeHead(params);
      const activations: Traced[] = [];
      body.apply(params, images, { ...batch, activations }).dispose();
      return activations;
    },
    logits: (params, images) => head.apply(params, body.apply(params, images, batch), batch),
    ...(Object.keys(body.statistics).length > 0 ? { statistics: batchStatistics(body, head) } : {}),
  });
}

function disposeHead(params: TracedParams): void {
  for (const unused of Object.values(params.head ?? {})) unused.dispose();
}

function admitted(architecture: Architecture, spec: NetworkSpec, input: readonly [number, number, number]): Stage {
  try {
    return architecture.body(spec.options, input)(input);
  } catch (error) {
    if (!(error instanceof AttarError) || error.code !== "input-too-small") throw error;
    const samples = architecture.domains?.includes("series")
      ? `series of ${input[1]}`
      : `${input[1]}x${input[2]} images`;
    const where = `network ${architecture.name} does not admit ${samples}: `;
    throw new AttarError(error.code, where + error.message.replace(/^the images are too small: /, ""), error.hint);
  }
}

function batchStatistics(body: Stage, head: Stage): BatchStatistics {
  return {
    init: () => initialise(body.statistics, randomKey(0)),
    train(params, statistics, images) {
      const updated: TracedParams = {};
      const pass: Pass = { moments: "recorded", statistics, updated };
      return { logits: head.apply(params, body.apply(params, images, pass), pass), statistics: updated };
    },
    evaluate(params, statistics, images) {
      const pass: Pass = { moments: "running", statistics };
      return head.apply(params, body.apply(params, images, pass), pass);
    },
  };
}
