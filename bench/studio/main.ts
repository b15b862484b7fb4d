import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { checkedOut, describeMachine } from "../machine.ts";
import { type Figure, isMet, type Tell } from "./figure.ts";
import { openStage } from "./page.ts";
import { type Section, sections } from "./sections.ts";
import { type Part, tablePage } from "./tablePage.ts";

const names = Object.keys(sections);
const usage = `npm run studio:measure -- [options]

The studio's page in Chromium on this machine: sizes, first pictures, steps, frames, answers, memory; each beside what is aimed at. Takes some
five minutes and the machine to itself.

  --only NAME   this part alone, of ${names.join(", ")}; may be given several times
  --minutes N   minutes of runs for the figure of memory; 2 where left out
  --out FILE    writes the figures there, a .json, beside those of other parts that it holds, and a page of them
  --help        this text`;

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: names },
    minutes: { type: "string", default: "2" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

async function measured(name: string, section: Section, kept: Record<string, Part>): Promise<void> {
  const stage = await openStage();
  const figures: Figure[] = [];
  const load = loadavg()[0]!;
  const tell: Tell = (what, value, unit, aim, better = "lower") => {
    const figure = { what, value: Number(value.toPrecision(4)), unit, aim, better };
    figures.push(figure);
    console.log(`${isMet(figure) ? "met  " : "short"}  ${what}: ${value.toPrecision(3)} ${unit} (aim ${aim})`);
  };
  try {
    await section(stage, tell, Number(values.minutes));
  } finally {
    await stage.browser.close();
    await stage.server.close();
  }
  const { cpu, cores } = describeMachine(availableParallelism());
  const browser = `Chromium ${stage.browser.version()}`;
  kept[name] = { commit: checkedOut(), cpu, cores, browser, load: Number(load.toFixed(1)), figures };
}

if (values.help) console.log(usage);
else {
  const kept: Record<string, Part> = {};
  if (values.out)
    try {
      Object.assign(kept, JSON.parse(readFileSync(values.out, "utf8")));
    } catch {
      // The first figures of this file.
    }
  for (const [name, section] of Object.entries<Section>(sections))
    if (values.only.includes(name)) await measured(name, section, kept);
  if (values.out) {
    writeFileSync(values.out, `${JSON.stringify(kept, null, 2)}\n`);
    writeFileSync(values.out.replace(/\.json$/, ".md"), tablePage(kept));
  }
}
