import { infiniteNetworkNamed, networkText } from "../../src/hypotheses/index.ts";
import { isBilevel, isCoreset, type Method } from "../../src/methods/index.ts";
import { hyperparameters } from "./recipe.ts";
import { gradientSteps, trainingImages } from "./trainingImages.ts";

/** Steps of gradient descent that every network takes on a set of so many images a class, under the field's protocol. */
export const stepsOfTraining = (ipc: number): number => (ipc === 1 ? 300 : 200);

/** Images a step, at most, under the field's protocol. */
const batch = 256;

/** Words for a training of `steps` steps on so many images: as near to it as whole epochs come. */
export const epochsFor = (steps: number, images: number): string[] => [
  "--epochs",
  String(Math.max(1, Math.round(steps / gradientSteps(images, { epochs: 1, batch })))),
];

/** Whether the labels of S are values to regress on, which `attar evaluate` trains on for its own number of steps. */
const regresses = (method: Method): boolean => method.labels?.form === "centred";

/** Words of `attar evaluate` for a set of a method: for how long, on which network, with which subsets beside it. */
export function scoringOf(method: Method, dataset: string, ipc: number, condense: readonly string[]): string[] {
  const images = trainingImages({ method: method.name, dataset, ipc, condense });
  const length = regresses(method) ? [] : epochsFor(stepsOfTraining(ipc), images);
  return [...length, "--repeats", "3", ...beside(method, dataset, ipc)];
}

/** Words for what is scored with a set, where no row of subsets is trained as it is: on its own network, or under its own augmentation. */
function beside(method: Method, dataset: string, ipc: number): string[] {
  const network = ownNetwork(method, dataset, ipc);
  if (network.length > 0 || isCoreset(method)) return network;
  const usual = ["none", "siamese", "composite"].some((scheme) => method.augmentation.startsWith(scheme));
  return usual || regresses(method) ? [] : ["--baselines", "random,kmeans"];
}

/**
 * Words for the network of a set that was made for another one than the ConvNet, with subsets of its size beside it. Thousands
 * of steps on a hundred images are taken at the width of condensation.
 */
function ownNetwork(method: Method, dataset: string, ipc: number): string[] {
  if (isCoreset(method)) return [];
  const subsets = ["--baselines", "random,kmeans"];
  if (isBilevel(method) && method.objective.solve.name === "kernel-ridge") {
    const { kernel = "ntk", depth } = method.objective.solve.options ?? {};
    if (infiniteNetworkNamed(String(kernel)))
      return ["--nets", networkText({ name: String(kernel), options: { depth: Number(depth) } }), ...subsets];
  }
  if (!method.network) return [];
  const { name, options = {} } = method.network;
  const width = ipc > 1 && hyperparameters(method.name, "laptop", dataset, 1)["network.width"];
  return [
    "--nets",
    networkText({ name, options: { ...options, ...method.scoring, ...(width && { width }) } }),
    ...subsets,
  ];
}
