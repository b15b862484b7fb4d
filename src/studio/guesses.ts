import { type CondensedSet, type Dataset, normalise, type Split } from "../data/browser.ts";
import { AttarError, type Runtime } from "../engine/index.ts";
import type { TrainedNetwork } from "../evaluate/index.ts";
import type { Answer, Guess, Images, ScoreSubject } from "./contract.ts";
import { imagesOfSplit } from "./images.ts";

/** What every trained network says of a sample of a split. */
export async function guessesOf(
  trained: ReadonlyMap<ScoreSubject, TrainedNetwork>,
  { dataset, set, runtime }: { dataset: Dataset; set: CondensedSet; runtime: Runtime },
  split: Split,
  index: number,
): Promise<Answer> {
  const { shape } = dataset;
  const guesses: Guess[] = [];
  const sample = normalise({ shape, normalisation: set.normalisation }, split, [index]);
  for (const [subject, network] of trained) {
    const outputs = await runtime.throughout(() => network.predict(sample));
    const values = Array.from(outputs.data, Number);
    guesses.push({ subject, probabilities: network.outputs === "logits" ? softmax(values) : values });
  }
  return { seen: imagesOfSplit(dataset, split, [index]), guesses };
}

/**
 * A picture as a sample of the data: its bytes, from black to white, as values between the least and the largest that the data has.
 *
 * @throws AttarError "bad-option" where it is of another size
 */
export function sampleOfPicture({ shape, normalisation }: Dataset, picture: Images): Split {
  const { channels, height, width, data } = picture;
  if ([channels, height, width].join() !== shape.join())
    throw new AttarError(
      "bad-option",
      `the picture is ${channels} x ${height} x ${width}, samples are ${shape.join(" x ")}`,
      "bring it to that size",
    );
  const { scale, range } = normalisation;
  const plane = height * width;
  const value = (byte: number, at: number) => {
    const c = Math.floor(at / plane);
    const [low, high] = [range?.low[c] ?? 0, range?.high[c] ?? 1];
    return (low + (byte / 255) * (high - low)) * scale;
  };
  return { images: Float32Array.from(data, value), labels: Int32Array.of(0) };
}

function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits);
  const weights = logits.map((v) => Math.exp(v - most));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}
