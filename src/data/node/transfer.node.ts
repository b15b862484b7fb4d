import { AttarError } from "../../engine/errors.ts";

/** The answer of a server before the bytes. */
export interface Announced {
  /** True where it goes on where it was asked to, or at another place; otherwise it starts over. */
  readonly resumes: boolean;
  /** The place of the first byte that it sends. */
  readonly start: number;
  /** The whole file's bytes; undefined where it does not say. */
  readonly total: number | undefined;
}

export interface TransferOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds in which at least `leastBytes` have to arrive, or the rest of the file. */
  readonly patience: number;
  readonly leastBytes: number;
}

/**
 * Fetches a file over HTTP from a byte on.
 *
 * @param begin called with what the server announces; returns what takes the pieces.
 * @throws AttarError "download-failed" (exit code 1) where the server answers with an error; another Error where the connection
 * broke or was too slow
 */
export async function transfer(
  url: string,
  from: number,
  { signal, patience, leastBytes }: TransferOptions,
  begin: (announced: Announced) => Promise<(piece: Uint8Array) => Promise<void>>,
): Promise<void> {
  const tooSlow = new AbortController();
  let arrived = 0;
  const watch = setInterval(() => {
    if (arrived < leastBytes)
      tooSlow.abort(new Error(`the server sent ${arrived} bytes in ${patience / 1000} seconds`));
    arrived = 0;
  }, patience);
  try {
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (from > 0) headers.range = `bytes=${from}-`;
    const response = await fetch(url, {
      headers,
      signal: AbortSignal.any([tooSlow.signal, ...(signal ? [signal] : [])]),
    });
    const { body } = response;
    if (!response.ok || !body) {
      await body?.cancel();
      throw new AttarError(
        "download-failed",
        `${url}: the server answered ${response.status}.`,
        "Check the address, or try again later.",
        1,
      );
    }
    let take: (piece: Uint8Array) => Promise<void>;
    try {
      take = await begin(announced(response, from));
    } catch (error) {
      await body.cancel();
      throw error;
    }
    for await (const piece of body) {
      arrived += piece.length;
      await take(piece);
    }
  } finally {
    clearInterval(watch);
  }
}

function announced({ status, headers }: Response, from: number): Announced {
  if (status !== 206) {
    const length = headers.get("content-length");
    return { resumes: false, start: 0, total: length === null ? undefined : Number(length) };
  }
  const [, start, total] = /^bytes (\d+)-\d*\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  return {
    resumes: true,
    start: start === undefined ? from : Number(start),
    total: total === undefined || total === "*" ? undefined : Number(total),
  };
}
