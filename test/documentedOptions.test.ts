import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { program } from "../src/cli/program.ts";

const page = readFileSync(new URL("../docs/cli.md", import.meta.url), "utf8");

/** Every command that does something, by its words: "data pull". */
const commandsOf = (command: Command, before = ""): [string, Command][] =>
  command.commands.flatMap((child) => {
    const words = `${before}${child.name()}`;
    return child.commands.length > 0 ? commandsOf(child, `${words} `) : [[words, child] as [string, Command]];
  });

const commands = commandsOf(program);

test.each(commands)("docs/cli.md has attar %s and its options", (words, command) => {
  const [first, second = ""] = words.split(" ");
  expect(page).toMatch(new RegExp(`^    attar ${first}\\b.*\\b${second}`, "m"));
  const lost = command.options.map(({ long }) => long!).filter((long) => !new RegExp(`${long}(?![\\w-])`).test(page));
  expect(lost).toEqual([]);
});

test("docs/cli.md has no option that no command has", () => {
  const known = new Set(commands.flatMap(([, { options }]) => options.map(({ long }) => long!)));
  const named = [...page.matchAll(/`[^`\n]*`|^ {4}.*$/gm)].flatMap(
    ([code]) => code.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? [],
  );
  const others = ["--help", "--onnxruntime-node-install"];
  expect(named.length).toBeGreaterThan(30);
  expect([...new Set(named)].filter((name) => !known.has(name) && !others.includes(name))).toEqual([]);
});
