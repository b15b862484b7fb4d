import {
  AttarError,
  checkServing,
  type DomainKind,
  partText,
  readPartText,
  type Serving,
  serves,
} from "../../engine/index.ts";
import { infiniteNetworkNamed, infiniteNetworks } from "../kernels/infiniteNetworks.ts";
import type { NetworkSpec } from "../network.ts";
import { specOf } from "./architecture.ts";
import { architectureNamed, architectureRegistry } from "./buildNetwork.ts";

const infinite = infiniteNetworks.map((n) => n.name);
const named = (name: string) => infiniteNetworkNamed(name) ?? architectureNamed(name, infinite);

/**
 * The spec that a text such as `convnet`, `convnet:depth=3,width=128` or `resnet18:normalisation=batch` names; `ntk` and `nngp`
 * name infinitely wide networks, which can be evaluated but not built.
 *
 * @throws AttarError "unknown-network", "unknown-option", "invalid-option", or "invalid-network" for a text of another form.
 */
export function parseNetwork(text: string): NetworkSpec {
  const { part, options } = readPartText(
    text,
    named,
    (piece) =>
      new AttarError(
        "invalid-network",
        `cannot read "${piece}" in network "${text}"`,
        "Options are written name=value with commas between them: convnet:depth=3,width=128.",
      ),
  );
  return specOf(part, options);
}

/** The shortest text that {@link parseNetwork} reads back as this spec: the name and the options that are not default. */
export function networkText(spec: NetworkSpec): string {
  const architecture = named(spec.name);
  return partText(spec.name, specOf(architecture, spec.options).options, architecture.options);
}

/**
 * The identity under which an artefact made with a network is known: the network's text, and of one's own network what
 * tells it apart.
 */
export function networkIdentity(spec: NetworkSpec): { readonly network: string; readonly content?: string } {
  const content = networkContent(spec);
  return { network: networkText(spec), ...(content !== undefined && { content }) };
}

/** A digest that tells a network of one's own apart from another one of its name; undefined for attar's. */
export const networkContent = ({ name }: NetworkSpec): string | undefined =>
  architectureRegistry.has(name) ? architectureNamed(name).content : undefined;

/** The spec of a network by name, with every option that is left out at its default. @throws AttarError as {@link parseNetwork} does */
export const resolveNetwork = ({ name, options = {} }: Partial<NetworkSpec> & Pick<NetworkSpec, "name">): NetworkSpec =>
  specOf(named(name), options);

/** Tells whether a network, by its name, serves samples of a kind. */
export const networkServes = (name: string, kind: DomainKind): boolean => serves(named(name), kind);

/**
 * Refuses a network that does not serve samples of a kind.
 *
 * @param type what is typed to choose one that serves
 * @throws AttarError "bad-combination"
 */
export function checkNetworkServes(name: string, kind: DomainKind, type: (serving: string) => string): void {
  const parts: Readonly<Record<string, Serving>> = architectureRegistry.parts;
  checkServing("network", name, parts, kind, type);
}
