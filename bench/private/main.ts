import { type Method, methodNamed } from "../../src/methods/index.ts";
import type { LaptopRow } from "../../src/recipes/row.ts";
import { stepBench } from "../stepBench.ts";

/** A method without its privacy, and without what its presets say of it. */
function plain({ privacy: _, laptop = [], ...method }: Method): Method {
  const rows = laptop.map((row) => ({
    ...row,
    set: Object.fromEntries(Object.entries(row.set).filter(([path]) => !path.startsWith("privacy."))),
  }));
  return { ...method, laptop: rows as unknown as readonly LaptopRow[] } as Method;
}

// 0 releases: every step draws one of its own. The preset of DP-DM has 300, which its 1,500 steps use again and again.
const cases: readonly { name: string; reads: string; asked: number; settings: Readonly<Record<string, number>> }[] = [
  { name: "psg", reads: "gradients", asked: 3, settings: { "privacy.releases": 0 } },
  { name: "dp-dm", reads: "embeddings", asked: 1.3, settings: { "privacy.releases": 0 } },
  { name: "dp-dm", reads: "embeddings", asked: 1.3, settings: {} },
];

/**
 * `npm run bench:private`: seconds of a step of a private method, noise and its accounting with it, and of the same step without privacy:
 * same networks, same images of T on average, same augmentation. A gradient of each sample is what PSG reads, an embedding of each,
 * forward alone, what DP-DM reads.
 */
await stepBench(
  cases.map(({ name, reads, asked, settings }) => ({
    named: { method: name, reads, settings },
    step: { method: methodNamed(name), settings },
    without: { method: plain(methodNamed(name)), settings: {} },
    asked,
  })),
);
