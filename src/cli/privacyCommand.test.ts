import { expect, test } from "vitest";
import { decimalNumber } from "./decimalNumber.ts";
import { epsilonCommand, privacyCommand, sigmaCommand } from "./privacyCommand.ts";

/** What a command prints. */
function printed(command: () => void): string {
  const { write } = process.stdout;
  let text = "";
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    command();
  } finally {
    process.stdout.write = write;
  }
  return text;
}

test("the ε of noise without sampling, and of three samples of one person", () => {
  const answer = JSON.parse(printed(() => epsilonCommand({ sigma: 5, delta: 1e-5, group: 3, json: true })));
  expect(answer).toMatchObject({ sigma: 5, rate: 1, steps: 1, accountant: "exact", relation: "add-remove" });
  expect(answer.upper).toBeCloseTo(0.725521751, 9);
  expect(answer.group).toBeGreaterThan(answer.upper * 3);
  expect(printed(() => epsilonCommand({ sigma: 5, delta: 1e-5 }))).toContain("ε 0.725522 at δ 0.00001");
});

test("the least noise that keeps an ε", () => {
  const answer = JSON.parse(printed(() => sigmaCommand({ epsilon: 1, q: 0.02, steps: 5, delta: 1e-5, json: true })));
  expect(answer.upper).toBeLessThanOrEqual(1);
  expect(printed(() => sigmaCommand({ epsilon: 1, delta: 1e-5 }))).toMatch(/^σ 3\.7307\nε 0\.9999\d* at/);
});

test("what is missing or no number is said with what to type", () => {
  expect(() => epsilonCommand({ delta: 1e-5 })).toThrow("--sigma is missing");
  expect(() => sigmaCommand({ epsilon: 1 })).toThrow("--delta is missing");
  expect(() => epsilonCommand({ sigma: 1, delta: 1e-5, relation: "swap" })).toThrow('unknown relation "swap"');
  expect(() => privacyCommand(undefined, {})).toThrow("takes the folder of a run");
  expect(() => privacyCommand("nowhere", {})).toThrow("there is no claim of privacy nowhere/privacy.json");
  expect(decimalNumber("--q", "0.01")("256/60000")).toBe(256 / 60000);
  for (const odd of ["", "1/2/3", "-1", "0", "1/0", "x"])
    expect(() => decimalNumber("--q", "0.01")(odd)).toThrow("--q must be a positive number");
});
