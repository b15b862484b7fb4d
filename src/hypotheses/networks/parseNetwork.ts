import { AttarError } from "../../engine/index.ts";
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
  const [name = "", list, ...rest] = text.trim().split(":");
  const architecture = named(name.trim().toLowerCase());
  const malformed = (part: string) =>
    new AttarError(
      "invalid-network",
      `cannot read "${part}" in network "${text}"`,
      "Options are written name=value with commas between them: convnet:depth=3,width=128.",
    );
  if (rest.length > 0 || list?.trim() === "") throw malformed(text);
  const options: Record<string, string> = Object.create(null);
  for (const part of list?.split(",") ?? []) {
    const [option, value, ...more] = part.split("=").map((s) => s.trim());
    if (!option || !value || more.length > 0 || Object.hasOwn(options, option)) throw malformed(part);
    options[option] = value;
  }
  return specOf(architecture, options);
}

/** The shortest text that {@link parseNetwork} reads back as this spec: the name and the options that are not default. */
export function networkText(spec: NetworkSpec): string {
  const architecture = named(spec.name);
  const options = specOf(architecture, spec.options).options;
  const changed = Object.entries(options).filter(([name, value]) => architecture.options[name]!.default !== value);
  return changed.length === 0 ? spec.name : `${spec.name}:${changed.map(([n, v]) => `${n}=${v}`).join(",")}`;
}
