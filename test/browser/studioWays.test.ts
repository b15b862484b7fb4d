import { readFileSync } from "node:fs";
import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { condense } from "../../src/condense/index.ts";
import { encodePng, loadDigits, parseCondensed, pictures } from "../../src/data/browser.ts";
import { openRuntime, useRuntime } from "../../src/engine/index.ts";
import { parseNetwork } from "../../src/hypotheses/index.ts";
import { dm } from "../../src/methods/index.ts";
import {
  executable,
  openStudio,
  resolved,
  runToEnd,
  type StudioBrowser,
  small,
  status,
  type Tab,
} from "./studioTab.ts";

const title = executable ? "ways through the studio in Chromium" : "the studio (skipped: no Chromium found)";

describe.skipIf(!executable)(title, () => {
  let studio: StudioBrowser;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio?.close());

  const begun = async () => {
    const visit = await studio.visit({ hash: small });
    await resolved(visit.tab);
    return visit;
  };
  const saved = async (tab: Tab, name: string): Promise<{ name: string; bytes: Uint8Array }> => {
    const waiting = tab.waitForEvent("download");
    await tab.getByRole("button", { name }).click();
    const download = await waiting;
    return { name: download.suggestedFilename(), bytes: new Uint8Array(readFileSync(await download.path())) };
  };

  /** The pictures of digits that a canvas shows, `across` in a line. */
  const picturesOn = (tab: Tab, selector: string, across: number): Promise<number[][]> =>
    tab.locator(selector).evaluate((element, columns) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const red = (x: number, y: number) => data[4 * (y * canvas.width + x)]!;
      return Array.from({ length: 10 }, (_, i) => {
        const [left, top] = [1 + 9 * (i % columns), 1 + 9 * Math.floor(i / columns)];
        return Array.from({ length: 64 }, (__, p) => red(left + (p % 8), top + Math.floor(p / 8)));
      });
    }, across);

  test("pictures are the set's own bytes, as they are, at full contrast, and in a comparison", async () => {
    const { tab, end } = await begun();
    await runToEnd(tab);
    const { bytes } = await saved(tab, "save .safetensors");
    const own = pictures(parseCondensed(bytes, "page")).map(({ image }) => [...image.data]);
    const seen = () => picturesOn(tab, 'section[aria-labelledby="set-title"] canvas.pictures', 5);
    expect(await seen()).toEqual(own);
    await tab.getByLabel("the way that images are shown").selectOption("full contrast");
    const stretched = own.map((image) => {
      const [least, most] = [Math.min(...image), Math.max(...image)];
      return image.map((byte) => Math.round(((byte - least) * 255) / (most - least)));
    });
    await expect.poll(seen).toEqual(stretched);
    await tab.getByRole("button", { name: "Pin this run" }).click();
    await tab.getByLabel("seed").fill("4");
    await tab.getByLabel("seed").press("Enter");
    await tab.waitForFunction(() => location.hash.includes("seed=4"));
    await status(tab, /, done/);
    const other = pictures(parseCondensed((await saved(tab, "save .safetensors")).bytes, "page"));
    const map = own.map((image, i) =>
      image.map((byte, p) => Math.round(127.5 + (other[i]!.image.data[p]! - byte) / 2)),
    );
    await expect.poll(() => picturesOn(tab, '.difference canvas[aria-label^="Where"]', 10)).toEqual(map);
    await end();
  });

  test("the set of a seed is Node's, to 1e-4", async () => {
    const { tab, errors, end } = await begun();
    await runToEnd(tab);
    const { bytes } = await saved(tab, "save .safetensors");
    const found = parseCondensed(bytes, "page");
    const runtime = openRuntime({ threads: 1 });
    useRuntime(runtime);
    const options = { ipc: 1, seed: 0, steps: 12, network: parseNetwork("convnet:width=8,depth=2"), runtime };
    for await (const event of condense(await loadDigits(), dm, options))
      if (event.event === "done")
        for (const [i, value] of event.set.images.entries())
          expect(Math.abs(value - found.images[i]!)).toBeLessThan(1e-4);
    await runtime[Symbol.asyncDispose]();
    expect(errors).toEqual([]);
    await end();
  });

  test("another part takes the place of one, what cannot says why, and the method leaves as a file", async () => {
    const { tab, end } = await begun();
    await tab.getByText("discrepancy: mean-difference").click();
    await tab.getByRole("button", { name: "another part for mean-difference" }).click();
    const choice = tab.locator("select").filter({ has: tab.locator('option[value="mmd"]') });
    await choice.waitFor();
    expect(await choice.locator("option[disabled]").first().textContent()).toMatch(/cannot be, /);
    await choice.selectOption("mmd");
    await tab.waitForFunction(() => document.body.textContent?.includes("discrepancy: mmd"));
    const { name, bytes } = await saved(tab, "save the method's file");
    expect(name).toBe("dm-changed.json");
    expect(JSON.parse(new TextDecoder().decode(bytes)).objective.match[0].discrepancy.name).toBe("mmd");
    await runToEnd(tab);
    expect(await tab.evaluate(() => location.hash)).toContain("part=discrepancy%3Dmmd");
    await end();
  });

  test("two runs are compared by what differs, lie on one another, and leave as a table", async () => {
    const { tab, end } = await begun();
    await runToEnd(tab);
    await tab.getByRole("button", { name: "Pin this run" }).click();
    await tab.getByLabel("seed").fill("4");
    await tab.getByLabel("seed").press("Enter");
    await status(tab, /, done/);
    await tab.waitForSelector(".difference");
    const headings = await tab.locator(".compare thead th").allTextContents();
    expect(headings).toEqual(["run", "seed", "step", "accuracy", "set"]);
    const { bytes } = await saved(tab, "save as CSV");
    expect(new TextDecoder().decode(bytes).split("\n")[0]).toBe('run,seed,step,"accuracy, %",networks');
    await end();
  });

  test("S is followed by its distances, and seen within T", async () => {
    const { tab, end } = await begun();
    await runToEnd(tab);
    await tab.waitForSelector("canvas.projection");
    await tab.getByLabel("follow two of them while it runs").check();
    await tab.waitForSelector(".curves figure");
    expect(await tab.locator(".curves figcaption").first().textContent()).toMatch(/other samples of T/);
    await tab.getByRole("button", { name: /The condensed set after step/ }).press("ArrowRight");
    await tab.waitForFunction(() => /nearest to image 2/.test(document.querySelector(".nearest")?.textContent ?? ""));
    await end();
  });

  test("a zip archive of one's own images becomes T, and a table does", async () => {
    const { tab, elsewhere, end } = await begun();
    const image = (c: number, i: number) =>
      encodePng({
        channels: 1,
        height: 8,
        width: 8,
        data: Uint8Array.from({ length: 64 }, (_, p) => ((p * (c + 1) + i) * 7) % 256),
      });
    const files = Object.fromEntries(
      ["left", "right"].flatMap((name, c) =>
        Array.from({ length: 20 }, (_, i) => [`pets/${name}/${i}.png`, image(c, i)]),
      ),
    );
    const input = tab.locator('input[type="file"][accept*=".zip"]');
    await input.setInputFiles({ name: "pets.zip", mimeType: "application/zip", buffer: Buffer.from(zipSync(files)) });
    await tab.waitForFunction(() => /pets: 32 images to train on, 8 to test on/.test(document.body.textContent ?? ""));
    await tab.getByLabel("network").fill("convnet:width=8,depth=1");
    await tab.getByLabel("network").blur();
    await tab.waitForFunction(() => document.body.textContent?.includes("depth=1"));
    await runToEnd(tab);
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${(i * 3) % 5},${i % 2 ? "odd" : "even"}`);
    const table = ["a,b,label", ...rows].join("\n");
    await input.setInputFiles({ name: "numbers.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
    await tab.waitForFunction(() => /numbers: 32 images to train on/.test(document.body.textContent ?? ""));
    expect(elsewhere).toEqual([]);
    await end();
  });

  test("a tab that is closed loses nothing: the run is there again, goes on to the same set, and leaves as a folder", async () => {
    const { tab, context, end } = await begun();
    await tab.getByRole("button", { name: "▶ run" }).click();
    await status(tab, /step [2-9] of 12|step 1\d of 12/);
    await tab.close();
    const again = await context.newPage();
    await again.goto(studio.server.address);
    await status(again, /step \d+ of 12, (stopped|done)/);
    if (!/done/.test((await again.textContent(".status")) ?? "")) {
      await again.getByRole("button", { name: "one step" }).click();
      await again.getByRole("button", { name: "go on" }).click();
      await status(again, /step 12 of 12, done/);
    }
    const { name, bytes } = await saved(again, "save .zip");
    const run = name.replace(/\.zip$/, "");
    const files = unzipSync(bytes);
    expect(Object.keys(files)).toContain(`${run}/checkpoint/state-00000012.safetensors`);
    const whole = await begun();
    await runToEnd(whole.tab);
    const { bytes: expected } = await saved(whole.tab, "save .safetensors");
    expect(files[`${run}/condensed.safetensors`]).toEqual(expected);
    await again.getByRole("button", { name: "Look" }).click();
    await again.getByRole("button", { name: "open" }).first().click();
    await status(again, /step 12 of 12, done/);
    await whole.end();
    await end();
  });

  test("a graphics card computes where the browser finds one", async ({ skip }) => {
    const { tab, end } = await begun();
    const isThere = await tab.evaluate(async () => {
      const { gpu } = navigator as {
        gpu?: { requestAdapter(): Promise<{ info?: { isFallbackAdapter?: boolean } } | null> };
      };
      const adapter = await gpu?.requestAdapter().catch(() => null);
      return adapter !== null && adapter !== undefined && !adapter.info?.isFallbackAdapter;
    });
    if (isThere) {
      await tab.waitForFunction(() => /webgpu/.test(document.querySelector("footer")?.textContent ?? ""));
      await runToEnd(tab);
    }
    await end();
    skip(!isThere, "no graphics card that WebGPU can use");
  });

  test("a second visit needs no network", async () => {
    const { tab, context, end } = await begun();
    await tab.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await context.setOffline(true);
    const again = await context.newPage();
    await again.goto(`${studio.server.address}${small.replace("seed=0", "seed=7")}`);
    await resolved(again);
    await runToEnd(again);
    await context.setOffline(false);
    await end();
  });

  test("a run is asked for, stopped and gone on with by keys alone", async () => {
    const { tab, end } = await begun();
    // The body has the focus, and every button's text, once a focused button is gone.
    const focused = () => tab.evaluate(() => document.activeElement?.closest("button")?.textContent ?? "");
    const reach = async (text: RegExp) => {
      for (let i = 0; i < 60; i++) {
        await tab.keyboard.press("Tab");
        if (text.test(await focused())) return;
      }
      throw new Error(`${text} is not reached by Tab`);
    };
    await reach(/▶ run/);
    await tab.keyboard.press("Enter");
    await status(tab, /, done/);
    await reach(/Train on these 10 images/);
    await tab.keyboard.press("Enter");
    await tab.waitForFunction(() => /Accuracy on the test split/.test(document.body.textContent ?? ""), undefined, {
      timeout: 120_000,
    });
    await reach(/a test image/);
    await tab.keyboard.press("Enter");
    await tab.waitForSelector(".guesses .bars");
    await end();
  });
});
