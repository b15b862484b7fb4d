import { AttarError, nearest } from "../../engine/index.ts";
import type { Network, NetworkSpec } from "../network.ts";
import { alexnet, buildAlexNet } from "./alexnet.ts";
import { buildConvNet, convnet } from "./convnet.ts";
import { buildLeNet, lenet } from "./lenet.ts";
import { buildMlp, mlp } from "./mlp.ts";
import { buildResNet18, resnet18 } from "./resnet18.ts";
import { buildVgg11, vgg11 } from "./vgg11.ts";

type Build = (spec: NetworkSpec, input: readonly [number, number, number], classes: number) => Network;

const networks: Record<string, { make: (options: never) => NetworkSpec; build: Build }> = {
  convnet: { make: convnet, build: buildConvNet },
  mlp: { make: mlp, build: buildMlp },
  lenet: { make: lenet, build: buildLeNet },
  alexnet: { make: alexnet, build: buildAlexNet },
  vgg11: { make: vgg11, build: buildVgg11 },
  resnet18: { make: resnet18, build: buildResNet18 },
};

export const networkNames: readonly string[] = Object.keys(networks);

/**
 * A network for an input shape [channels, height, width] and a number of classes.
 *
 * @throws AttarError for an unknown name and where the architecture does not admit the input.
 */
export function buildNetwork(spec: NetworkSpec, input: readonly [number, number, number], classes: number): Network {
  return lookUp(spec.name).build(spec, input, classes);
}

/**
 * Reads `convnet`, or `convnet:depth=2,width=32`.
 *
 * @throws AttarError for an unknown name or option.
 */
export function parseNetwork(text: string): NetworkSpec {
  const [name = "", settings = ""] = text.split(":");
  const spec = lookUp(name).make({} as never);
  const options: Record<string, string | number | boolean> = { ...spec.options };
  for (const setting of settings.split(",").filter(Boolean)) {
    const [key = "", value] = setting.split("=");
    const known = Object.keys(spec.options);
    if (!(key in spec.options) || value === undefined) {
      const guess = nearest(key, known);
      throw new AttarError(
        "unknown-option",
        `${name} has no option "${setting}"`,
        guess
          ? `did you mean ${name}:${guess}=…?`
          : known.length > 0
            ? `its options: ${known.join(", ")}`
            : "it takes no options",
      );
    }
    const number = Number(value);
    if (typeof spec.options[key] === "number" && !(Number.isInteger(number) && number > 0))
      throw new AttarError(
        "bad-option",
        `${name}: ${key} must be a positive whole number, got "${value}"`,
        `for example ${name}:${key}=${spec.options[key]}`,
      );
    options[key] = typeof spec.options[key] === "number" ? number : value;
  }
  return { name, options };
}

function lookUp(name: string) {
  const found = Object.hasOwn(networks, name) ? networks[name] : undefined;
  if (found) return found;
  const guess = nearest(name, networkNames);
  throw new AttarError(
    "unknown-network",
    `unknown network "${name}"`,
    guess ? `did you mean "${guess}"?` : `use one of ${networkNames.join(", ")}`,
  );
}

export { alexnet, convnet, lenet, mlp, resnet18, vgg11 };
