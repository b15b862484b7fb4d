import { expect, test } from "vitest";
import { readings, readingText } from "../evaluate/index.ts";
import { parseReadings } from "./parseReadings.ts";
import { program } from "./program.ts";

test.each([
  ["loss", ["loss"]],
  ["accuracy,worst-class,calibration:bins=12", ["accuracy", "worst-class", "calibration:bins=12"]],
  ["calibration:bins=3;calibration:bins=4, loss", ["calibration:bins=3", "calibration:bins=4", "loss"]],
])("%s", (list, texts) => {
  expect(parseReadings(list).map(readingText)).toEqual(texts);
});

test.each(["", ",", "bins=3", "loss,nothing"])('"%s" is refused', (list) => {
  expect(() => parseReadings(list)).toThrow(/reading/);
});

test("the help of evaluate names every reading", () => {
  const help = program.commands.find((command) => command.name() === "evaluate")!.helpInformation();
  for (const { name } of readings) expect(help).toContain(name);
});
