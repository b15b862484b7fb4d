import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nearest } from "../../src/engine/index.ts";
import { helps, type, words } from "../fixtures/typed.ts";
import { type Result, small, workplace } from "./attar.ts";

const { attar, path } = workplace();

const docs = new URL("../../docs/", import.meta.url);

/** Commands to type in a text: lines of code, and code within lines; forms with <placeholders> and [options] are none. */
function commandsIn(text: string): string[] {
  const lines = [...text.matchAll(/^(?: {4}|\s*\$ |\s{2})(attar .*)$/gm)].map(([, line]) => line!);
  const inline = [...text.matchAll(/`(attar [^`]*)`/g)].map(([, line]) => line!);
  return [...lines, ...inline]
    .map((line) => line.split(/ {2,}/)[0]!.trim())
    .filter((line) => !/<|\[-|…|\.\.\.|\||[A-Z]{3}/.test(line));
}

/** The name of a command, or of one with an option of it, that a sentence speaks of: nothing that is typed as it stands. */
const bare = (line: string) => {
  const [, group, ...rest] = words(line);
  const own = /^(?:benchmark|bench|data|privacy)$/.test(group ?? "") ? rest.slice(1) : rest;
  return own.every((word) => word.startsWith("--"));
};

describe("commands in texts can be typed", () => {
  const inHelp = helps().flatMap((help) => commandsIn(help));
  test("there are examples of every command", () => {
    const names = new Set(inHelp.map((line) => words(line)[1]));
    for (const name of ["condense", "evaluate", "measure", "experts", "methods", "data", "export", "schema"])
      expect([...names]).toContain(name);
  });

  test.each([...new Set(inHelp)])("help: %s", (line) => type(line));

  const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
  const inDocs = pages.flatMap((page) =>
    commandsIn(readFileSync(new URL(page, docs), "utf8")).map((line) => [page, line]),
  );
  test.each(inDocs.filter(([, line]) => !bare(line!)))("%s: %s", (_, line) => type(line!));

  test("a wrong one is found", async () => {
    for (const line of [
      "attar measure digits:train digits:test --discrepancy mmd-gaussian",
      "attar condense digits --method distribution",
      "attar condense digits --stepz 4",
      "attar condense digits --set realbatch=4",
      "attar evaluate runs/x --on digits --nets convnt",
    ])
      await expect(type(line)).rejects.toThrow();
  });
});

/** The words that a hint says to type: a whole command, or options for the command that was refused. */
function repaired(args: readonly string[], hint: string): string[] {
  const whole = /attar (?:condense|evaluate|measure|data|export|experts) [^,;→]*/.exec(hint);
  if (whole) return words(whole[0]).slice(1);
  let now = [...args];
  for (const [, option, value] of hint.matchAll(/(--[a-z][a-z-]*) ([^\s,]+)/g)) {
    const at = option === "--set" ? -1 : now.indexOf(option!);
    now = at >= 0 ? [...now.slice(0, at + 1), value!, ...now.slice(at + 2)] : [...now, option!, value!];
  }
  const meant = /[Dd]id you mean "?([\w-]+)"?/.exec(hint)?.[1];
  if (!meant) return now;
  const values = now.map((word) => word.slice(word.indexOf("=") + 1)).filter((word) => !word.startsWith("--"));
  const wrong = nearest(meant, values) ?? "";
  return now.map((word) => (word === wrong || word.endsWith(`=${wrong}`) ? word.replace(wrong, meant) : word));
}

const hintOf = ({ stdout }: Result) => JSON.parse(stdout.trim().split("\n").at(-1)!).error.hint as string;

describe("a hint that is typed works", () => {
  const dry = ["--dry-run", "--quiet"];
  const quick = ["--steps", "1", ...small];
  test.each([
    ["condense", "digits", "--threads", "0", "--ipc", "1", ...quick],
    ["condense", "digits", "--method", "random", "--ipc", "500"],
    ["condense", "digits", "--ipc", "1", "--steps", "1.5", ...small],
    ["condense", "digits", "--method", "dn", "--ipc", "1", ...quick],
    [
      "condense",
      "digits",
      "--ipc",
      "1",
      "--steps",
      "1",
      "--net",
      "convnet:depth=2,width=4",
      "--set",
      "initialisation=randon",
    ],
    ["condense", "digits", "--ipc", "1", ...quick, "--set", "synthetic.factor=9"],
    ["condense", "digits", "--method", "dsa", "--ipc", "1", ...quick, "--set", "tricks.augmentation=none"],
  ])("attar %s %s %s %s %s %s %s", async (...args) => {
    const flags = args[0] === "condense" ? dry : [];
    const refused = await attar(...args, ...flags, "--json");
    expect(refused.code).toBe(2);
    const hint = hintOf(refused);
    const again = repaired([...args, ...flags], hint).filter((word) => word !== "");
    const result = await attar(...again, "--json");
    if (result.code !== 2) return expect(result.code).toBe(0);
    // A suggestion in the middle of others: what is refused now is another word.
    expect(hintOf(result)).not.toBe(hint);
  });

  test("what to type next after a run", async () => {
    const run = await attar("condense", "digits", "--ipc", "1", "--steps", "1", ...small, "--out", "my runs/r");
    const next = /next +(attar .*)/.exec(run.stdout)?.[1];
    expect(next).toBe("attar evaluate 'my runs/r' --on digits");
    const scored = await attar(
      ...words(next!).slice(1),
      "--repeats",
      "1",
      "--epochs",
      "1",
      "--nets",
      "convnet:depth=2,width=4",
      "--baselines",
      "none",
    );
    expect(scored.code).toBe(0);
  });

  test("what to type next fits a table, and is not printed where there is no test split", async () => {
    const rows = (seed: number) =>
      Array.from(
        { length: 24 },
        (_, i) => `${Math.sin(i + seed).toFixed(3)},${((i % 3) + Math.cos(i)).toFixed(2)},${"abc"[i % 3]}`,
      );
    const write = (name: string, seed: number) =>
      writeFileSync(path(name), ["u,v,class", ...rows(seed), ""].join("\n"));
    mkdirSync(path("wine"));
    write("wine/train.csv", 0);
    write("alone.csv", 0);
    write("wine/test.csv", 1);
    const run = await attar("condense", "wine", "--ipc", "1", "--steps", "1", "--net", "mlp:width=8", "--out", "w");
    const next = /next +(attar .*)/.exec(run.stdout)?.[1];
    expect(next).toBe("attar evaluate w --on wine");
    const scored = await attar(...words(next!).slice(1), "--repeats", "1", "--epochs", "1", "--baselines", "random");
    expect(scored).toMatchObject({ code: 0 });
    const alone = await attar(
      "condense",
      "alone.csv",
      "--ipc",
      "1",
      "--steps",
      "1",
      "--net",
      "mlp:width=8",
      "--out",
      "a",
    );
    expect(alone.stdout).toMatch(/next +scoring needs a test split: condense with --test-share 0\.2 or --test PATH/);
    const without = await attar("evaluate", "w", "--json");
    expect(hintOf(without)).toBe('add --on and the path of "wine", which the set was condensed from');
    const other = await attar("export", "w", "--to", "png", "--json");
    expect((await attar(...repaired(["export", "w", "--to", "png"], hintOf(other)))).code).toBe(0);
  });

  test("files that are no sets", async () => {
    writeFileSync(path("res_DM.pt"), "PK\u0003\u0004 of PyTorch");
    writeFileSync(path("notes.txt"), "none");
    for (const file of ["res_DM.pt", "notes.txt"]) {
      const { code, stderr } = await attar("evaluate", file, "--on", "digits");
      expect([code, stderr.split("\n")[0]]).toEqual([
        2,
        `attar: ${file} is no condensed set: read are run folders, their condensed.safetensors and the .npz that attar export writes`,
      ]);
    }
  });
});
