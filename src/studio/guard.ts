/** What of a request decides whether it is answered. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly host: string | undefined;
}

/**
 * Whether a server that is bound to the machine itself answers a request, and with which status it does not: a page of another
 * site that has this address by a name of its own (DNS rebinding) sends that name as its host.
 *
 * @param port the port that is listened on
 * @returns the status of the refusal; undefined where the request is answered
 */
export function refusal({ method, host }: Asked, port: number): { status: number; reason: string } | undefined {
  const own = ["127.0.0.1", "localhost", "[::1]"].map((name) => `${name}:${port}`);
  if (!host || !own.includes(host.toLowerCase()))
    return { status: 403, reason: `this server answers ${own.join(", ")} only` };
  if (method !== "GET" && method !== "HEAD") return { status: 405, reason: "files can be read, nothing else" };
  return undefined;
}

/** Headers of every answer: scripts, styles and data of this origin alone, no frames, memory shared with no other site. */
export const guarding: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};
