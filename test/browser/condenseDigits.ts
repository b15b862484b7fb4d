import type * as Attar from "../../src/browser.ts";

/** The settings of one run, as plain data that can be sent to a page. */
export interface Digits {
  ipc: number;
  steps: number;
  width: number;
  depth: number;
}

export interface DigitsResult {
  images: number[];
  initial: number[];
  losses: number[];
}

/** Condenses `digits` with distribution matching, by whichever build of the library is given. */
export async function condenseDigits(
  attar: Pick<typeof Attar, "condense" | "dm" | "convnet" | "loadDigits">,
  { ipc, steps, width, depth }: Digits,
): Promise<DigitsResult> {
  const digits = await attar.loadDigits();
  const network = attar.convnet({ width, depth });
  const losses: number[] = [];
  let initial: number[] = [];
  for await (const event of attar.condense(digits, attar.dm, { ipc, steps, network, realBatch: 32, seed: 3 })) {
    if (event.event === "checkpoint" && event.step === 0)
      initial = Array.from(event.state.slots.variables.images!.data);
    if (event.event === "step") losses.push(event.loss);
    if (event.event === "done") return { images: Array.from(event.set.images), initial, losses };
  }
  throw new Error("the run ended without a condensed set");
}
