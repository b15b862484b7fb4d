import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type StudioServer, serveStudio } from "../../src/studio/server.node.ts";
import { type Seen, watching } from "./watch.ts";

/** The built site. */
export const site = new URL("../../../dist/studio/site/", import.meta.url).pathname;

const viewport = { width: 1280, height: 800 };

/** Milliseconds that are waited for anything at most. */
export const patient = { timeout: 600_000 };

/** A browser before the studio's page. */
export interface Stage {
  readonly server: StudioServer;
  readonly browser: Browser;
  /** A person who was never here. */
  newcomer(): Promise<BrowserContext>;
  /** A tab of that person, empty; what is opened in it is watched from its first moment. */
  tab(context: BrowserContext): Promise<Page>;
  /** A tab with the page in it. */
  visit(context: BrowserContext, hash?: string): Promise<Page>;
}

export async function openStage(): Promise<Stage> {
  const server = await serveStudio(site);
  const args = ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info", "--js-flags=--expose-gc"];
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const browser = await chromium.launch({ executablePath, args, headless: true });
  const tab = async (context: BrowserContext) => {
    const page = await context.newPage();
    await page.addInitScript(watching);
    return page;
  };
  return {
    server,
    browser,
    newcomer: () => browser.newContext({ viewport }),
    tab,
    async visit(context, hash = "") {
      const page = await tab(context);
      await page.goto(`${server.address}${hash}`);
      return page;
    },
  };
}

declare const seen: Seen & { readonly [list in "frames" | "long" | "moved" | "inputs"]: number[] };

export const seenBy = (page: Page): Promise<Seen> => page.evaluate(() => seen);

/** Forgets what was seen until now. */
export const clear = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const list of ["frames", "long", "moved", "inputs"] as const) seen[list].length = 0;
  });

/** Waits until the line of status says something. */
export const status = (page: Page, text: RegExp) =>
  page.waitForFunction(
    ([source]) => new RegExp(source!).test(document.querySelector(".status")?.textContent ?? ""),
    [text.source],
    { ...patient, polling: 20 },
  );

/** Waits until the page as a whole says something. */
export const says = (page: Page, text: RegExp) =>
  page.waitForFunction(([source]) => new RegExp(source!).test(document.body.textContent ?? ""), [text.source], patient);

/** The page's clock, in milliseconds since it was opened. */
export const now = (page: Page): Promise<number> => page.evaluate(() => performance.now());

/** A link that asks for dm on digits. */
export const link = (more: string, net = "convnet:width=32,depth=2") =>
  `#method=dm&ipc=1&seed=0&net=${encodeURIComponent(net)}&${more}`;

/** Asks for the run of another seed. */
export async function runSeed(page: Page, seed: number): Promise<void> {
  await page.getByLabel("seed").fill(String(seed));
  await page.getByLabel("seed").press("Enter");
  await page.waitForFunction(([own]) => location.hash.includes(`seed=${own}`), [seed], { ...patient, polling: 20 });
}
