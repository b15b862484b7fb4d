import { Command } from "commander";
import { expect, test } from "vitest";
import { trainableFormats } from "../../evaluate/node/exportTrainable.node.ts";
import { generatorNamed, generatorRegistry, isImported, recipeOf } from "../../generators/index.ts";
import { registerExport } from "./export.ts";
import { registerGenerators } from "./generators.ts";

/** The description of an option of the one command that is registered. */
function described(register: (program: Command) => void, option: string): string {
  const program = new Command();
  register(program);
  return program.commands[0]!.options.find(({ long }) => long === option)!.description;
}

/** The names in a list that a person reads: "a, b or c". */
const named = (text: string): readonly string[] => text.split(/, | or |: /).map((piece) => piece.split(" ")[0]!);

// Lists are written out, so that help loads no part; they say what the registries hold.

test("help lists every kind of generator that can be trained, and every family that can be imported", () => {
  const kinds = generatorRegistry.names.filter((name) => name !== "identity");
  expect(named(described(registerGenerators, "--kind")).toSorted()).toEqual(
    kinds.filter((name) => !isImported(name)).toSorted(),
  );
  expect(
    named(described(registerGenerators, "--family"))
      .filter((name) => name !== "what")
      .toSorted(),
  ).toEqual(kinds.filter(isImported).toSorted());
});

test("help tells the steps of the kinds' recipes", () => {
  const text = described(registerGenerators, "--steps");
  for (const kind of ["cvae", "ae", "cgan", "wgan-gp", "style", "ldm"])
    expect(text, kind).toContain(String(recipeOf(kind).steps));
  expect(generatorNamed("cvae").recipe).toBeUndefined();
});

test("help lists every format of export", () => {
  expect(named(described(registerExport, "--to"))).toEqual(expect.arrayContaining([...trainableFormats]));
});
