import { untrained } from "../src/artefacts/index.ts";
import { type CondenseOptions, type Configuration, resolveConfiguration } from "../src/condense/configuration.ts";
import { Loop } from "../src/condense/loop.ts";
import { type State, slotOf } from "../src/condense/state.ts";
import { type DatasetFacts, readerOf } from "../src/data/reader.ts";
import { type Tensor, tensor } from "../src/engine/index.ts";
import type { Hypothesis, Network } from "../src/hypotheses/index.ts";
import { gatherState } from "../src/hypotheses/sources/keptState.ts";
import { methodNamed } from "../src/methods/index.ts";
import type { BenchCase, Prepared } from "./case.ts";
import { type NamedTensors, named } from "./namedTensors.ts";
import { noiseDataset } from "./noiseDataset.ts";
import { type Read, type RecordingReader, recordingReader } from "./recordingReader.ts";

/** Steps from the second one on that a case takes in turn, before it starts from there again. */
const stretch = 20;

/** The names of a run's variables among the tensors of a case; others keep theirs. */
const caseNames: Readonly<Record<string, string>> = { images: "synthetic" };

/** The parts of the update's slot that are compared: means of gradients, not of their squares. */
const compared = ["velocity", "first"];

/** A step of a method, taken apart for the peer. */
export interface TakenStep {
  readonly configuration: Configuration;
  readonly facts: DatasetFacts;
  readonly state: State;
  readonly hypothesis: Hypothesis;
  /** The real samples that the loss and its gradient read. */
  readonly reads: readonly Read[];
  /** The real samples that the whole step reads. */
  whole(): Promise<readonly Read[]>;
}

/** A method's step as a case of the bench. */
export interface MethodCase extends Pick<BenchCase, "name" | "label" | "title"> {
  /** The name of the method. */
  readonly method: string;
  /** Options beside the laptop preset: images per class, and whatever the peer has not, switched off. */
  readonly options: Omit<CondenseOptions, "network" | "preset">;
  /** Whether the networks that it trains between steps are compared. */
  readonly trains?: boolean;
  /** More that the peer needs of the step. */
  readonly more?: (step: TakenStep) => NamedTensors | Promise<NamedTensors>;
}

/**
 * The loop's own step of a method, in its laptop preset with the case's network, on a dataset of noise. The second step of a
 * run is the one that is compared, so that momentum shows; its network, its real images and where it starts from are the
 * peer's as well. Further runs go on from step to step, as a condensation does. Experts are stand-ins that were not trained.
 */
export const methodCase = ({ method, options, trains = false, more, ...words }: MethodCase): BenchCase => ({
  ...words,
  states: ["synthetic", "labels", "rates", ...(trains ? ["params"] : [])],
  async prepare(network: Network): Promise<Prepared> {
    const dataset = await noiseDataset(network);
    const configuration = resolveConfiguration(dataset, methodNamed(method), { ...options, network: network.spec });
    const reader = recordingReader(readerOf(dataset));
    const loop = new Loop(reader, configuration, untrained);
    const { state: second } = await loop.step(await loop.start());
    const taken = await takenStep(loop, reader, configuration, second);
    let state = second;
    return {
      tensors: { ...tensorsOf(taken), ...(await more?.(taken)) },
      async run() {
        const { loss, state: next } = await loop.step(state);
        state = next.step > stretch ? second : next;
        const trained = trains && gatherState(slotOf(next, "hypotheses"));
        return {
          loss: tensor(loss),
          ...variablesOf(next),
          ...updatesOf(next, compared),
          ...(trained && named("params", trained.params)),
        };
      },
      multiplyAdds: () => loop.multiplyAdds(),
    };
  },
});

async function takenStep(
  loop: Loop,
  reader: RecordingReader,
  configuration: Configuration,
  state: State,
): Promise<TakenStep> {
  let hypothesis: Hypothesis = { params: {}, accuracy: 0 };
  const reads = await reader.during(async () => {
    const { hypotheses } = await loop.lossAt(state);
    hypothesis = hypotheses[0] ?? hypothesis;
  });
  const whole = () => reader.during(() => loop.step(state));
  return { configuration, facts: reader.facts, state, hypothesis, reads, whole };
}

/** Where a step starts from, and what it sees. */
function tensorsOf({ configuration, state, hypothesis, reads: [real] }: TakenStep): NamedTensors {
  const { params, target } = hypothesis;
  return {
    ...named("params", params),
    ...(target && named("target", target)),
    ...(real && { images: real.images, realLabels: tensor(real.labels) }),
    ...variablesOf(state),
    ...updatesOf(state, [...compared, "second"]),
    ...settings(settingsOf(configuration, state)),
  };
}

function variablesOf({ slots }: State): NamedTensors {
  return Object.fromEntries(Object.entries(slots.variables).map(([name, t]) => [nameOf(name), t]));
}

/** What the update rule keeps, as `<part>.<variable>`. */
function updatesOf(state: State, parts: readonly string[]): NamedTensors {
  const own = Object.entries(slotOf(state, "update")).flatMap(([path, t]): [string, Tensor][] => {
    const [variable, part] = path.split(".") as [string, string];
    return parts.includes(part) ? [[`${part}.${nameOf(variable)}`, t]] : [];
  });
  return Object.fromEntries(own);
}

const nameOf = (variable: string) => caseNames[variable] ?? variable;

/** The numbers of the update: learning rates by variable, momentum, and how many steps were taken before. */
function settingsOf(configuration: Configuration, { step, slots }: State): Record<string, number> {
  const { imageLearningRate, imageMomentum, steps, update, labels, solver } = configuration;
  const cosine = update.schedule === "cosine" ? (1 + Math.cos((Math.PI * step) / steps)) / 2 : 1;
  const factors: Record<string, number> = { labels: labels?.rate ?? 1, rates: Number(solver?.options.rateFactor ?? 1) };
  const rates = Object.keys(slots.variables).map((name) => [
    `rate.${nameOf(name)}`,
    imageLearningRate * cosine * (factors[name] ?? 1),
  ]);
  return { ...Object.fromEntries(rates), momentum: imageMomentum, beta2: Number(update.beta2), taken: step };
}

/** Numbers as the peer reads them. */
export function settings(values: Readonly<Record<string, number>>): NamedTensors {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`settings.${name}`, tensor(value)]));
}
