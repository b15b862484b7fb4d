import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium, type Page as Tab } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeArtefact } from "../../src/artefacts/file.ts";
import { generator } from "../../src/artefacts/index.ts";
import * as attar from "../../src/index.ts";
import { bundlePage } from "./bundle.ts";
import { condenseDigits, type Digits, type DigitsResult } from "./condenseDigits.ts";
import type { Page } from "./page.ts";
import { type PageServer, serve } from "./serve.ts";

declare const page: Page;

const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) =>
  existsSync(p),
);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const options: Digits = { ipc: 2, steps: 4, width: 32, depth: 2 };
const runtime = new URL("./", pathToFileURL(`${dirname(createRequire(import.meta.url).resolve("onnxruntime-web"))}/`));

if (!executable) console.warn("browser test skipped: no Chromium found; install it with: apt-get install -y chromium");

test("the bundle for browsers needs no Node module", async () => {
  const bundle = await bundlePage();
  expect(bundle).not.toMatch(/["']sharp["']/);
  expect(bundle).not.toMatch(/(?:from|import|require)\s*\(?\s*["']node:/);
});

describe.skipIf(!executable)(executable ? "in Chromium" : "in Chromium (skipped: no Chromium found)", () => {
  let browser: Browser;
  let bundle: string;
  let expected: DigitsResult;
  const servers: PageServer[] = [];

  beforeAll(async () => {
    bundle = await bundlePage();
    expected = await condenseDigits(attar, options);
    browser = await chromium.launch({ executablePath: executable!, args, headless: true });
  });

  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
  });

  async function open(isolated: boolean): Promise<{ tab: Tab; server: PageServer; elsewhere: string[] }> {
    const server = await serve(bundle, runtime, isolated);
    servers.push(server);
    const tab = await browser.newPage();
    const elsewhere: string[] = [];
    tab.on("request", (r) => {
      if (!/^(?:blob|data):/.test(r.url()) && !r.url().startsWith(server.origin)) elsewhere.push(r.url());
    });
    await tab.goto(`${server.origin}/index.html`);
    await tab.waitForFunction(() => typeof page === "object");
    return { tab, server, elsewhere };
  }

  const furthest = (a: readonly number[], b: readonly number[]) =>
    a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

  test("an isolated page condenses digits to Node's images", async () => {
    const { tab, server, elsewhere } = await open(true);
    expect(await tab.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
    expect(server.requests, "loading the library fetches nothing but the bundle").toEqual(["/index.html", "/page.js"]);
    const result = await tab.evaluate((o) => page.condense(o, { threads: 2 }), options);
    expect(result.images).toHaveLength(expected.images.length);
    expect(furthest(expected.images, expected.initial), "the run must move the images").toBeGreaterThan(1e-2);
    expect(furthest(result.images, expected.images)).toBeLessThan(1e-4);
    expect(result.losses).toHaveLength(options.steps);
    expect(result.longestPauseMs, "the page must stay responsive").toBeLessThan(1500);
    expect(elsewhere).toEqual([]);
    console.info(
      `furthest pixel ${furthest(result.images, expected.images).toExponential(1)}, ${result.seconds.toFixed(1)} s, longest pause ${Math.round(result.longestPauseMs)} ms`,
    );
    await tab.close();
  });

  test("a page without isolation does too", async () => {
    const { tab } = await open(false);
    expect(await tab.evaluate(() => globalThis.crossOriginIsolated)).toBe(false);
    const result = await tab.evaluate((o) => page.condense(o, { threads: 2, wasmPaths: "/onnxruntime-web" }), options);
    expect(furthest(result.images, expected.images)).toBeLessThan(1e-4);
    await tab.close();
  });

  describe("in the codes of a conditional VAE", () => {
    const latent = { generator: "cvae:width=32,z=3", steps: 40 };
    let whole: DigitsResult;
    let file: number[];

    beforeAll(async () => {
      const digits = await attar.loadDigits();
      const spec = generator.spec(digits, {
        spec: attar.parseGenerator(latent.generator),
        recipe: { ...attar.generatorRecipe, steps: latent.steps },
        seed: 3,
      });
      const member = await (await attar.inMemory.open(spec)).at(0);
      file = Array.from(await encodeArtefact(spec.kind, { ...member, identity: spec.identity }));
      whole = await condenseDigits(attar, { ...options, latent: { ...latent, file } });
    });

    test("of a file, a page condenses digits to Node's images", async () => {
      const { tab, elsewhere } = await open(true);
      const asked = { ...options, latent: { ...latent, file } };
      const result = await tab.evaluate((o) => page.condense(o, { threads: 2 }), asked);
      expect(result.losses).toHaveLength(options.steps);
      expect(result.initial).toHaveLength(10 * options.ipc * 3);
      expect(new Set(result.images.map((v) => v.toFixed(3))).size).toBeGreaterThan(50);
      expect(furthest(result.images, whole.images)).toBeLessThan(1e-3);
      expect(elsewhere).toEqual([]);
      await tab.close();
    });

    test("that a page trains itself, it condenses them to nearly the same", async () => {
      const { tab } = await open(true);
      const result = await tab.evaluate((o) => page.condense(o, { threads: 2 }), { ...options, latent });
      expect(furthest(result.images, whole.images)).toBeLessThan(0.05);
      await tab.close();
    });

    test("a page refuses a file whose content has changed", async () => {
      const { tab } = await open(true);
      const changed = file.with(file.length - 5, file.at(-5)! ^ 1);
      const asked = { ...options, latent: { ...latent, file: changed } };
      await expect(tab.evaluate((o) => page.condense(o, { threads: 2 }), asked)).rejects.toThrow(
        /generator.safetensors is no generator, or its content has changed since it was written/,
      );
      await tab.close();
    });
  });

  test("files of images become the dataset that Node makes of their folder", async () => {
    const folder = fileURLToPath(new URL("../../golden/images/files/", import.meta.url));
    // Not AVIF, TIFF, inks and turned WebP, in which browsers differ, nor JPEG so large that Node scales it while decoding.
    const names = readdirSync(folder).filter((name) => !/avif|tiff|ink|profile|large|turned\.webp/.test(name));
    const at = mkdtempSync(join(tmpdir(), "attar-page-"));
    try {
      for (const [i, name] of names.entries()) {
        mkdirSync(join(at, `class${i % 2}`), { recursive: true });
        copyFileSync(join(folder, name), join(at, `class${i % 2}`, name));
      }
      const read = { size: "12x16" };
      const node = await attar.load(at, read);
      const files = names.map((name, i) => ({
        path: `class${i % 2}/${name}`,
        bytes: [...readFileSync(join(folder, name))],
      }));
      const { tab, elsewhere } = await open(false);
      const found = await tab.evaluate(([some, options]) => page.images(some, options), [files, read] as const);
      expect([found.shape, found.classes]).toEqual([node.shape, node.classes]);
      expect(furthest(found.pixels, [...node.train.images])).toBeLessThanOrEqual(2);
      expect(elsewhere).toEqual([]);
      await tab.close();
    } finally {
      rmSync(at, { recursive: true });
    }
  });

  test("files that are not where wasmPaths says: one clear sentence", async () => {
    const { tab, server } = await open(true);
    const failure = tab.evaluate((o) => page.condense(o, { threads: 1, wasmPaths: "/nowhere/" }), options);
    await expect(failure).rejects.toThrow(
      new RegExp(`could not be loaded from ${server.origin}/nowhere/ort\\.wasm\\.min\\.mjs.*wasmPaths`),
    );
    await tab.close();
  });
});
