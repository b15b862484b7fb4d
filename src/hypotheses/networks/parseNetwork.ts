import { AttarError, partText, readPartText } from "../../engine/index.ts";
import { infiniteNetworkNamed, infiniteNetworks } from "../kernels/infiniteNetworks.ts";
import type { NetworkSpec } from "../network.ts";
import { specOf } from "./architecture.ts";
import { architectureNamed } from "./buildNetwork.ts";

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
