import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page as Tab } from "playwright-core";
import { type StudioServer, serveStudio } from "../../src/studio/server.node.ts";
import { bundleSite } from "./site.ts";

export type { Tab };

/** The browser of this machine, where it has one. */
export const executable = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) =>
  existsSync(p),
);
const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

/** The built site on a server of its own, and a browser before it. */
export interface StudioBrowser {
  readonly server: StudioServer;
  readonly browser: Browser;
  /** A tab, the requests that it made elsewhere, and what went wrong in it. */
  visit(options?: VisitOptions): Promise<Visit>;
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly hash?: string;
  readonly colorScheme?: "light" | "dark";
  readonly width?: number;
}

export interface Visit {
  readonly tab: Tab;
  readonly context: BrowserContext;
  readonly elsewhere: readonly string[];
  readonly errors: readonly string[];
  end(): Promise<void>;
}

/** Builds the site and opens a browser. */
export async function openStudio(): Promise<StudioBrowser> {
  const site = mkdtempSync(join(tmpdir(), "attar-studio-"));
  await bundleSite(site);
  const server = await serveStudio(site);
  const browser = await chromium.launch({ executablePath: executable!, args, headless: true });
  return {
    server,
    browser,
    async visit({ hash = "", colorScheme = "light", width = 1280 } = {}) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 800 },
        acceptDownloads: true,
      });
      const tab = await context.newPage();
      const elsewhere: string[] = [];
      const errors: string[] = [];
      context.on("request", (r) => {
        if (!/^(?:blob|data):/.test(r.url()) && !r.url().startsWith(server.address)) elsewhere.push(r.url());
      });
      tab.on("pageerror", (error) => errors.push(error.message));
      tab.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await tab.goto(`${server.address}${hash}`);
      return { tab, context, elsewhere, errors, end: () => context.close() };
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(site, { recursive: true, force: true });
    },
  };
}

/** Waits until the page's line of status says something. */
export const status = (tab: Tab, text: RegExp) =>
  tab.waitForFunction(
    ([source]) => new RegExp(source!).test(document.querySelector(".status")?.textContent ?? ""),
    [text.source],
    { timeout: 120_000 },
  );

/** A link that asks for a run of seconds. */
export const small = "#method=dm&ipc=1&seed=0&steps=12&net=convnet%3Awidth%3D8%2Cdepth%3D2";

/** Waits until the engine has resolved what is asked for. */
export const resolved = (tab: Tab, steps = 12) =>
  tab.waitForFunction(([n]) => document.body.textContent?.includes(`${n} steps of`), [steps], { timeout: 60_000 });

/** Starts what is asked for, and waits for its end. */
export async function runToEnd(tab: Tab): Promise<void> {
  await tab.getByRole("button", { name: "▶ run" }).click();
  await status(tab, /, done/);
}
