import { type Figure, isMet } from "./figure.ts";

/** The figures of a part, and the circumstances that they came about under. */
export interface Part {
  readonly commit: string | null;
  readonly cpu: string;
  readonly cores: number;
  readonly browser: string;
  readonly load: number;
  readonly figures: readonly Figure[];
}

const row = ({ what, value, unit, aim, better }: Figure) =>
  `| ${what} | ${value} ${unit} | ${better === "lower" ? "at most" : "at least"} ${aim} | ${isMet({ what, value, unit, aim, better }) ? "yes" : "no"} |`;

/** The page of documentation that has the figures. */
export function tablePage(parts: Readonly<Record<string, Part>>): string {
  const sections = Object.entries(parts).map(([name, { commit, cpu, cores, browser, load, figures }]) =>
    [
      `## ${name}`,
      "",
      "| what | figure | aim | met |",
      "| --- | --- | --- | --- |",
      ...figures.map(row),
      "",
      `${browser}, ${cores} cores (${cpu}), ${load} processes in want of them when it began. Commit ${(commit ?? "unknown").slice(0, 12)}.`,
      "",
    ].join("\n"),
  );
  return `# The studio's page, measured\n\n\`npm run studio:measure -- --out docs/results/studio.json\` writes this page and [its figures](studio.json).\n\n${sections.join("\n")}`;
}
