import * as attar from "../../src/browser.ts";
import { condenseDigits, type Digits, type DigitsResult } from "./condenseDigits.ts";

/** The functions that the test drives in the page. */
export interface Page {
  /** Seconds the page's own thread was longest unable to answer, and the result. */
  condense(options: Digits, web: attar.WebOptions): Promise<DigitsResult & { longestPauseMs: number; seconds: number }>;
  /** The packed images that a dataset of files has in the page; their bytes as numbers. */
  images(files: readonly { path: string; bytes: number[] }[], options: attar.ReadOptions): Promise<PageImages>;
}

/** What the page made of files of images. */
export interface PageImages {
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  readonly pixels: number[];
}

const page: Page = {
  async images(files, options) {
    const blobs = files.map(({ path, bytes }) => ({ path, blob: new Blob([Uint8Array.from(bytes)]) }));
    const { shape, classes, train } = await attar.datasetFromFiles("files", blobs, options);
    return { shape, classes, pixels: Array.from(train.images) };
  },

  async condense(options, web) {
    const runtime = attar.openRuntime({ executor: attar.onnxruntimeWeb(web) });
    attar.useRuntime(runtime);
    let longestPauseMs = 0;
    let last = performance.now();
    const started = last;
    const heartbeat = setInterval(() => {
      const now = performance.now();
      longestPauseMs = Math.max(longestPauseMs, now - last);
      last = now;
    }, 10);
    try {
      await runtime.warm();
      const result = await condenseDigits(attar, options);
      return { ...result, longestPauseMs, seconds: (performance.now() - started) / 1000 };
    } catch (error) {
      if (!(error instanceof attar.AttarError)) throw error;
      throw new Error(`${error.message} | ${error.hint}`);
    } finally {
      clearInterval(heartbeat);
    }
  },
};

Object.assign(globalThis, { page });
