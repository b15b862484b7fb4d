import type { KeptCase, KeptSubject } from "./kept.ts";

const percent = (value: number) => (100 * value).toFixed(1);
const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** The strongest attack of some at an FPR of 1 %, and its figures. */
function strongest({ attacks }: KeptSubject, ofSet: boolean): string {
  const own = Object.entries(attacks).filter(([name]) => name.endsWith("distance") === ofSet);
  if (own.length === 0) return "–";
  const [name, { auc, low, high, tpr }] = own.reduce((best, one) => (one[1].tpr > best[1].tpr ? one : best));
  return `${percent(tpr)} (\`${name}\`, AUC ${auc.toFixed(3)}, ${low.toFixed(3)}–${high.toFixed(3)})`;
}

const named = ({ name, ipc }: KeptSubject) => (name === "equal" ? `equal, ${ipc} a class` : name);

const epsilonOf = ({ shown, claimed, refuted }: KeptSubject) => {
  const least = shown === 0 ? "0" : shown.toFixed(2);
  return claimed ? `${least}, claimed ${claimed.epsilon.toFixed(2)}${refuted ? ": refuted" : ""}` : least;
};

/** The page of audits: a table each, then the commands. */
export function page(cases: readonly KeptCase[]): string {
  const tables = cases.flatMap(({ name, shadows, asked, subjects, command, commit, seconds }) => [
    `## ${name}`,
    "",
    `${shadows} halves of ${asked} samples condensed, ${Math.round(seconds)} s of computing, commit ${commit?.slice(0, 7) ?? "not known"}.`,
    "",
    row(["sets", "accuracy, %", "networks, TPR at 1 % FPR", "the set, TPR at 1 % FPR", "copies, %", "ε at least"]),
    row(["---", "---", "---", "---", "---", "---"]),
    ...subjects.map((subject) =>
      row([
        named(subject),
        percent(subject.accuracy),
        strongest(subject, false),
        strongest(subject, true),
        subject.copies === undefined ? "–" : percent(subject.copies),
        epsilonOf(subject),
      ]),
    ),
    "",
    `    ${command}`,
    "",
  ]);
  return [
    "# Who can tell which samples a set was made of",
    "",
    "What attacks on membership find out ([privacy.md](../privacy.md#attacks-on-membership)): of attacks on networks and of those on the set itself the one",
    "that finds most members where one in a hundred others is wrongly taken for one, with its AUC and the 95 % interval of that over models. A",
    "coin finds 1 %. Choosing the strongest of several favours it. `random` is a random subset of the same size, `full` the half itself, `equal` a random",
    "subset on which networks are as accurate as on the method's sets.",
    "",
    ...tables,
    "Written by `npm run bench:membership` from [audits.json](audits.json).",
    "",
  ].join("\n");
}
