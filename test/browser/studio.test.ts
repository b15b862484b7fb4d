import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseCondensed } from "../../src/data/browser.ts";
import { executable, openStudio, resolved, type StudioBrowser, small, status } from "./studioTab.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

declare const axeRun: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;

describe.skipIf(!executable)(executable ? "the studio in Chromium" : "the studio (skipped: no Chromium found)", () => {
  let studio: StudioBrowser;

  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio?.close());

  test("a first visit: it moves, is trained on, guesses a drawing, and leaves as a file; nothing goes elsewhere", async () => {
    const { tab, elsewhere, errors, end } = await studio.visit();
    await tab.waitForSelector(".timeline");
    await status(tab, /recorded|a second|a step/);
    // The live engine takes over; what follows is asked of a small run.
    await status(tab, /of 300/);
    await tab.getByRole("button", { name: "stop" }).click();
    await status(tab, /stopped/);
    await tab.getByLabel("network").fill("convnet:width=8,depth=2");
    await tab.getByLabel("steps", { exact: true }).fill("12");
    await tab.getByLabel("seed").fill("1");
    await tab.getByRole("button", { name: "▶ run" }).click();
    await status(tab, /step 12 of 12, done/);
    await tab.getByRole("button", { name: /Train on these 10 images/ }).click();
    await tab.waitForFunction(
      () => [...document.querySelectorAll("caption")].some((c) => /Accuracy/.test(c.textContent ?? "")),
      undefined,
      { timeout: 120_000 },
    );
    await tab.waitForFunction(() => !/epoch/.test(document.querySelector("[role=status] ~ *")?.textContent ?? ""));
    const paper = (await tab.locator(".paper").boundingBox())!;
    await tab.mouse.move(paper.x + 70, paper.y + 20);
    await tab.mouse.down();
    await tab.mouse.move(paper.x + 72, paper.y + 120, { steps: 6 });
    await tab.mouse.up();
    await tab.waitForSelector(".guesses .bars");
    expect(await tab.locator(".guesses .bars").count()).toBe(3);
    const saved = tab.waitForEvent("download");
    await tab.getByRole("button", { name: "save .safetensors" }).click();
    const file = await (await saved).path();
    const set = parseCondensed(new Uint8Array(readFileSync(file)), "saved");
    expect(set).toMatchObject({ method: "dm", ipc: 1, dataset: "digits" });
    expect(elsewhere).toEqual([]);
    expect(errors).toEqual([]);
    await end();
  });

  test("a link asks for what it holds; what cannot be is said before it runs", async () => {
    const { tab, end } = await studio.visit({ hash: small });
    await resolved(tab);
    expect(await tab.getByLabel("network").inputValue()).toBe("convnet:width=8,depth=2");
    await tab.getByLabel("network").fill("convnet:wdth=8");
    await tab.getByLabel("network").blur();
    await tab.waitForSelector("[role=alert]");
    expect(await tab.textContent("[role=alert]")).toMatch(/wdth.*→/);
    expect(await tab.getByRole("button", { name: "▶ run" }).isDisabled()).toBe(true);
    await end();
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 320],
  ] as const)("has no violations of axe-core, %s at %i pixels", async (scheme, width) => {
    const { tab, end } = await studio.visit({ hash: small, colorScheme: scheme, width });
    await resolved(tab);
    for (const details of await tab.locator("details").all()) await details.evaluate((e) => e.setAttribute("open", ""));
    await tab.evaluate(`${axe}; globalThis.axeRun = () => axe.run()`);
    const { violations } = await tab.evaluate(() => axeRun());
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await end();
  });
});
