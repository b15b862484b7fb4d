import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportPage } from "../../src/benchmark/report/page.ts";
import { reportRows } from "../fixtures/reportRows.ts";

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) =>
  existsSync(p),
);

describe.skipIf(!executable)(
  executable ? "the report in Chromium" : "the report in Chromium (skipped: no Chromium found)",
  () => {
    let browser: Browser;
    const page = reportPage({ title: "Three methods", rows: reportRows, file: "study.json" });

    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: executable!,
        args: ["--no-sandbox", "--disable-gpu"],
        headless: true,
      });
    });
    afterAll(() => browser?.close());

    test.each([
      [1200, "light"],
      [320, "dark"],
    ] as const)(
      "at %i pixels, %s: no violation of accessibility, nothing wider than the screen",
      async (width, colorScheme) => {
        const tab = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
        await tab.setContent(page);
        expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        await tab.evaluate(axe.source);
        const { violations } = await tab.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        await tab.close();
      },
    );

    test("a click on a column sorts by it, a word filters the origins, a link to one opens it", async () => {
      const tab = await browser.newPage();
      await tab.setContent(page);
      const firsts = () => tab.evaluate(() => document.querySelector("#figures tbody th")!.textContent);
      expect(await firsts()).toBe("dm");
      await tab.click("#figures thead th:nth-child(2) button");
      await tab.click("#figures thead th:nth-child(2) button");
      expect(await firsts()).toBe("kmeans");
      await tab.fill("#origins input", "random/");
      expect(await tab.locator("#origins details:visible").count()).toBeGreaterThan(0);
      expect(await tab.locator("#origins details:visible summary").allTextContents()).toEqual(
        expect.not.arrayContaining([expect.stringMatching(/^dm/)]),
      );
      await tab.fill("#origins input", "");
      await tab.click("#figures tbody td a >> nth=0");
      expect(await tab.locator("#origins details[open]").count()).toBe(1);
      await tab.close();
    });

    test("without JavaScript every figure is there", async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const tab = await context.newPage();
      await tab.setContent(page);
      expect(await tab.locator("#figures tbody tr").count()).toBeGreaterThan(6);
      await context.close();
    });
  },
);
