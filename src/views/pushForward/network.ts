import { AttarError, mapSamples, type RandomKey } from "../../engine/index.ts";
import {
  architectureNamed,
  buildNetwork,
  fieldRecipe,
  type Network,
  type NetworkSpec,
  networkText,
  type Params,
  train,
} from "../../hypotheses/index.ts";
import { checkImages, type Encoder, type FitOptions, type FittingSet, shapeOf } from "./encoder.ts";
import { paramsOf, tensorsOf } from "./namedTensors.ts";
import { subset } from "./subset.ts";

/** The values of a network that are the code. */
export interface NetworkLayer {
  /** "embedding", the input of the last linear layer; "logits"; or a block of a ConvNet or MLP, from 1. */
  readonly layer: "embedding" | "logits" | number;
}

export interface NetworkEncoderOptions extends NetworkLayer, FitOptions {
  /** Passes over the fitting set; 0 leaves the network as it is initialised. */
  readonly epochs: number;
}

/** Images that a trained encoder's network sees at most. */
const trainedOn = 10_000;

/**
 * A network's layer as an encoder: random (0 epochs), or trained on the set with Adam, batches of 64, learning rate 0.001
 * along a cosine, on at most 10,000 of its images.
 *
 * @throws AttarError "bad-encoder" for a layer that the network does not have, and for batch normalisation, under which a
 * sample's code would depend on its neighbours
 */
export async function fitNetworkEncoder(
  set: FittingSet,
  spec: NetworkSpec,
  options: NetworkEncoderOptions,
  key: RandomKey,
): Promise<Encoder> {
  const network = buildNetwork(spec, shapeOf(set), set.classes.length);
  part(network, options.layer); // refuses a layer before hours of training
  let params = network.init(key.fold("init"));
  let origin = "random";
  if (options.epochs > 0) {
    const rows = key.fold("images").permutation(set.labels.length, Math.min(trainedOn, set.labels.length));
    const recipe = {
      ...fieldRecipe,
      epochs: options.epochs,
      batch: 64,
      optimizer: "adam",
      learningRate: 1e-3,
    } as const;
    const { from, signal, onPass } = options;
    const trained = await train(network, subset(set, rows), { ...recipe, schedule: "cosine" }, key.fold("train"), {
      params,
      signal,
      ...(from && { firstPass: from.passes, from: { ...from.state, statistics: {} } }),
      onPass: (pass, loss, state) => onPass?.({ passes: pass + 1, state }, loss),
    });
    params = trained.params;
    origin = `trained ${options.epochs} epochs on ${rows.length} images of ${set.name}`;
  }
  return networkEncoder(network, params, options.layer, origin);
}

/** The encoder of a network with given parameters. */
export function networkEncoder(
  network: Network,
  params: Params,
  layer: NetworkLayer["layer"],
  origin: string,
): Encoder {
  const { run, dimension, layers } = part(network, layer);
  const text = networkText(network.spec);
  const own = Object.fromEntries(Object.entries(params).filter(([name]) => layers === undefined || layers.has(name)));
  const name = `network:${origin === "random" ? "random" : "trained"}${layer === "embedding" ? "" : `,layer=${layer}`}`;
  return {
    name,
    description: `${text}, ${layer === "embedding" || layer === "logits" ? layer : `layer ${layer}`}, ${origin}`,
    input: network.input,
    dimension,
    async encode(images) {
      checkImages(this, images);
      return run(own, images);
    },
    saved: {
      tensors: tensorsOf(params),
      metadata: {
        kind: "network",
        input: JSON.stringify(network.input),
        network: text,
        classes: String(network.classes),
        layer: String(layer),
        origin,
      },
    },
  };
}

/** A saved network's encoder. @throws AttarError where its tensors are not those of the network it names */
export function savedNetwork(network: Network, saved: Encoder["saved"], where: string): Encoder {
  const { layer = "embedding", origin = "" } = saved.metadata;
  const params = paramsOf(saved.tensors, network.shapes, where);
  return networkEncoder(network, params, /^\d+$/.test(layer) ? Number(layer) : (layer as "embedding"), origin);
}

/** The compiled map, its width, and the layers whose parameters it takes (all where undefined). */
function part(network: Network, layer: NetworkLayer["layer"]) {
  if (network.statistics)
    throw new AttarError(
      "bad-encoder",
      `${networkText(network.spec)} normalises over the batch, so that a sample's code would depend on its neighbours`,
      "use a network without batch normalisation, e.g. --net convnet",
    );
  const name = `layer ${layer} of ${network.spec.name}`;
  if (layer === "logits") return { run: mapSamples(network.logits, name), dimension: network.classes };
  if (layer === "embedding") return { run: mapSamples(network.embed, name), dimension: network.features };
  const { options } = architectureNamed(network.spec.name);
  const depth = Number(network.spec.options.depth);
  if (!Object.hasOwn(options, "depth") || layer < 1 || layer > depth)
    throw new AttarError(
      "bad-encoder",
      `${networkText(network.spec)} has no layer ${layer} to encode with`,
      Object.hasOwn(options, "depth")
        ? `layers are 1 to ${depth}, embedding and logits`
        : "use layer=embedding or layer=logits",
    );
  // A ConvNet or MLP of less depth has the same first layers under the same names.
  const shallow = buildNetwork(
    { ...network.spec, options: { ...network.spec.options, depth: layer } },
    network.input,
    network.classes,
  );
  const layers = new Set(Object.keys(shallow.shapes));
  layers.delete("head");
  return { run: mapSamples(shallow.embed, name), dimension: shallow.features, layers };
}
