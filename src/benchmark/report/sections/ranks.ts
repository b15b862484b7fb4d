import { criticalDifference } from "../../../charts/index.ts";
import { type Comparison, compare } from "../../statistics/index.ts";
import { type Html, tag } from "../html.ts";
import type { Report } from "../report.ts";
import { valueText } from "../words.ts";
import { charts, section, table } from "./section.ts";

/** Methods ranked by the main metric over all blocks of dataset and size, with the test that so many blocks warrant. */
export function ranks(report: Report): Html | undefined {
  const { main, subjects, blocks } = report;
  if (!main || subjects.length < 2) return undefined;
  const name = ({ dataset, ipc }: (typeof blocks)[number]) => `${dataset}, ${ipc}`;
  const named = new Map(blocks.map((block) => [name(block), block]));
  const runs = {
    methods: subjects,
    blocks: [...named.keys()],
    at: (subject: string, block: string) => {
      const figure = report.find(subject, named.get(block)!, main.metric);
      return figure?.mean === undefined ? undefined : figure.sets;
    },
  };
  const found = compare(runs, { better: main.better });
  const { compared, test } = found;
  if (compared.methods.length < 2) return undefined;
  const drawn = criticalDifference({
    title: `Ranks by ${main.metric}`,
    subtitle: `over ${compared.blocks.length} ${compared.blocks.length === 1 ? "block" : "blocks"} of dataset and images a class`,
    ranks: compared.methods.map((method, i) => ({ name: method, rank: found.ranks[i]! })),
    ...(test.kind === "friedman" && { difference: test.criticalDifference, groups: test.groups }),
  });
  return section(
    "ranks",
    "Who is ahead",
    tag("p", {}, verdict(found)),
    charts(drawn),
    coverageTable(found),
    pairs(found, main.unit),
  );
}

/** What the test says, in a sentence. */
function verdict({ test, compared }: Comparison): string {
  const { methods, blocks } = compared.without;
  const left = [...methods, ...blocks];
  const gaps = left.length > 0 ? ` Left out for gaps: ${left.join("; ")}.` : "";
  if (test.kind === "none")
    return `Ranks are not tested: ${test.reason}. The differences below have intervals all the same.${gaps}`;
  if (test.kind === "paired")
    return `Paired test of two methods: t = ${test.t.toFixed(2)}, p = ${pText(test.p)}; Wilcoxon p = ${pText(test.wilcoxon.p)}.${gaps}`;
  const { chiSquared, p, f, fP } = test.friedman;
  return `Friedman's test: χ² = ${chiSquared.toFixed(2)}, p = ${pText(p)}; Iman and Davenport's F = ${Number.isFinite(f) ? f.toFixed(2) : "∞"}, p = ${pText(fP)}. Bars join methods that Nemenyi's test does not part at 5 %.${gaps}`;
}

const pText = (p: number): string => (p < 1e-4 ? p.toExponential(1) : p.toFixed(4));

function coverageTable({ compared, coverage, ranks: own, rankIntervals }: Comparison): Html {
  const rows = [...coverage].map(([method, share]) => {
    const i = compared.methods.indexOf(method);
    const interval = rankIntervals[i];
    return [
      method,
      i < 0 ? "–" : own[i]!.toFixed(2),
      interval ? `${interval.low.toFixed(1)} to ${interval.high.toFixed(1)}` : "–",
      `${(100 * share).toFixed(0)} %`,
    ];
  });
  rows.sort((a, b) => Number(a[1] === "–") - Number(b[1] === "–") || Number(a[1]) - Number(b[1]));
  return table("Mean ranks", ["", "mean rank", "95 % interval over runs", "blocks with a result"], rows);
}

/** Every two methods held against each other. */
function pairs({ pairs: all }: Comparison, unit: string): Html {
  const text = (value: number) => `${value > 0 ? "+" : ""}${valueText(value, unit)}`;
  return table(
    "Every two methods",
    ["", "difference", "95 % interval (bootstrap over blocks and runs)", "win, tie, loss", "Wilcoxon p, by Holm"],
    all.map(({ own, other, difference, interval, winTieLoss, holm }) => [
      `${own} less ${other}`,
      text(difference),
      `${text(interval.low)} to ${text(interval.high)}`,
      `${winTieLoss.win}, ${winTieLoss.tie}, ${winTieLoss.loss}`,
      pText(holm),
    ]),
  );
}
