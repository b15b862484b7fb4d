import { AttarError, nearest, type RandomKey } from "../../engine/index.ts";
import type { NetworkSpec } from "../../hypotheses/index.ts";
import { fitAutoencoder } from "./autoencoder.ts";
import type { Encoder, FitOptions, FittingSet } from "./encoder.ts";
import { fitNetworkEncoder } from "./network.ts";
import { fitPca } from "./pca.ts";
import { subset } from "./subset.ts";

/** An encoder as it is asked for, before it is fitted. */
export type EncoderSpec =
  | { readonly kind: "pixels" }
  | { readonly kind: "pca"; readonly dimension: number }
  | { readonly kind: "network"; readonly epochs: number; readonly layer: "embedding" | "logits" | number }
  | { readonly kind: "autoencoder"; readonly dimension: number; readonly epochs: number; readonly width: number }
  | { readonly kind: "file"; readonly path: string };

const kinds = ["pixels", "pca", "network", "autoencoder"] as const;
const forms =
  "encoders: pixels, pca:50, network:random, network:trained, network:trained,layer=2, autoencoder:32, or a file that --save-encoder wrote";

/**
 * Reads `--encoder`: `pixels`, `pca[:<d>]` (50), `network:random|trained[,layer=<n>|logits|embedding][,epochs=<n>]`,
 * `autoencoder[:<m>][,epochs=<n>][,width=<n>]` (32), or the path of a saved encoder.
 *
 * @throws AttarError "bad-encoder"
 */
export function parseEncoder(text: string): EncoderSpec {
  if (/\.safetensors$/.test(text)) return { kind: "file", path: text };
  const [kind = "", list = ""] = text.split(/:(.*)/s);
  const given = list.split(",").filter((part) => part !== "");
  const refuse = (what: string) => new AttarError("bad-encoder", `--encoder ${text}: ${what}`, forms);
  const options = new Map<string, string>();
  const words: string[] = [];
  for (const part of given) {
    const at = part.indexOf("=");
    if (at > 0) options.set(part.slice(0, at), part.slice(at + 1));
    else words.push(part);
  }
  const allow = (...names: string[]) => {
    for (const name of options.keys()) if (!names.includes(name)) throw refuse(`${kind} has no option "${name}"`);
  };
  const whole = (name: string, value: string | undefined, least: number, otherwise?: number): number => {
    if (value === undefined && otherwise !== undefined) return otherwise;
    const number = Number(value);
    if (value?.trim() && Number.isSafeInteger(number) && number >= least) return number;
    throw refuse(`${name} must be a whole number of at least ${least}${value === undefined ? "" : `, got "${value}"`}`);
  };
  if (kind === "pixels") {
    if (given.length > 0) throw refuse("pixels takes no options");
    return { kind };
  }
  if (kind === "pca") {
    allow();
    return { kind, dimension: whole("the number of components", words[0], 1, 50) };
  }
  if (kind === "network") {
    allow("layer", "epochs");
    const [how = "random", ...more] = words;
    if (!["random", "trained"].includes(how) || more.length > 0) throw refuse("a network is random or trained");
    const layer = options.get("layer") ?? "embedding";
    if (how === "random" && options.has("epochs")) throw refuse("a random network is not trained");
    return {
      kind,
      epochs: how === "random" ? 0 : whole("epochs", options.get("epochs"), 1, 2),
      layer: layer === "embedding" || layer === "logits" ? layer : whole("layer", layer, 1),
    };
  }
  if (kind === "autoencoder") {
    allow("epochs", "width");
    return {
      kind,
      dimension: whole("the length of its code", words[0], 1, 32),
      epochs: whole("epochs", options.get("epochs"), 1, 20),
      width: whole("width", options.get("width"), 1, 256),
    };
  }
  const near = nearest(kind, kinds);
  throw new AttarError("bad-encoder", `unknown encoder "${text}"`, near ? `did you mean ${near}? ${forms}` : forms);
}

/** Images an encoder is fitted to at most; more change it little. */
const fittedOn = 20_000;

/**
 * Fits the encoder a spec asks for to a set, A's by convention.
 *
 * @throws AttarError "bad-encoder", and as the networks do
 */
export async function fitEncoder(
  spec: Exclude<EncoderSpec, { kind: "file" | "pixels" }>,
  set: FittingSet,
  network: NetworkSpec,
  key: RandomKey,
  options: FitOptions = {},
): Promise<Encoder> {
  if (spec.kind === "network") return fitNetworkEncoder(set, network, { ...spec, ...options }, key.fold("network"));
  const sample = atMost(set, fittedOn, key.fold("sample"));
  if (spec.kind === "pca") return fitPca(sample, spec.dimension, key.fold("pca"));
  return fitAutoencoder(sample, spec.dimension, { ...spec, ...options }, key.fold("autoencoder"));
}

function atMost(set: FittingSet, most: number, key: RandomKey): FittingSet {
  const n = set.labels.length;
  return n <= most ? set : subset(set, key.permutation(n, most));
}
