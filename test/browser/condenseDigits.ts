import type * as Attar from "../../src/browser.ts";

/** The settings of one run, as plain data that can be sent to a page. */
export interface Digits {
  ipc: number;
  steps: number;
  width: number;
  depth: number;
  /** In the codes of a small generator: trained where the run is, for so many steps, or out of a file of its own. */
  latent?: { generator: string; steps: number; file?: number[] };
}

export interface DigitsResult {
  images: number[];
  initial: number[];
  losses: number[];
}

/** Condenses `digits` with distribution matching, by whichever build of the library is given. */
export async function condenseDigits(
  attar: Pick<typeof Attar, "condense" | "dm" | "convnet" | "loadDigits" | "artefactsOfFiles">,
  { ipc, steps, width, depth, latent }: Digits,
): Promise<DigitsResult> {
  const digits = await attar.loadDigits();
  const network = attar.convnet({ width, depth });
  const losses: number[] = [];
  let initial: number[] = [];
  const options = { ipc, steps, network, realBatch: 32, seed: 3, ...(latent && (await inCodes(attar, latent))) };
  for await (const event of attar.condense(digits, attar.dm, options)) {
    if (event.event === "checkpoint" && event.step === 0)
      initial = Array.from(event.state.slots.variables[latent ? "z" : "images"]!.data);
    if (event.event === "step") losses.push(event.loss);
    if (event.event === "done") return { images: Array.from(event.set.images), initial, losses };
  }
  throw new Error("the run ended without a condensed set");
}

/** The settings of a run in the codes of a generator, drawn from its prior. */
async function inCodes(
  { artefactsOfFiles }: Pick<typeof Attar, "artefactsOfFiles">,
  { generator, steps, file }: NonNullable<Digits["latent"]>,
) {
  const files = file ? [{ name: "generator.safetensors", bytes: Uint8Array.from(file) }] : [];
  return {
    initialisation: "noise",
    imageLearningRate: 0.05,
    imageMomentum: 0.9,
    artefacts: await artefactsOfFiles(files),
    settings: {
      synthetic: "latent",
      "synthetic.generator": generator,
      "synthetic.steps": steps,
      "synthetic.fidelity": 0,
      "update.rule": "adam",
    },
  };
}
