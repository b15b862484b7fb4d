import { createHash, createHmac } from "node:crypto";

/** The keys under which requests to a service are signed. */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken?: string;
}

/** A request before it is signed. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * The headers of a request signed by AWS's version 4, as S3 and services that speak it check: the given ones, the host, the time, the body's
 * SHA-256, and the signature over all of them.
 *
 * @param at the time of the request
 */
export function signed(
  { method, url, headers, body }: Unsigned,
  { accessKey, secretKey, sessionToken }: Credentials,
  region: string,
  at: Date,
): Record<string, string> {
  const time = `${at.toISOString().replace(/[-:]|\.\d{3}/g, "")}`;
  const day = time.slice(0, 8);
  const hash = createHash("sha256").update(body).digest("hex");
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    "x-amz-content-sha256": hash,
    "x-amz-date": time,
    ...(sessionToken && { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(all).sort();
  const query = [...url.searchParams]
    .map(([key, value]) => `${escaped(key)}=${escaped(value)}`)
    .sort()
    .join("&");
  const request = [
    method,
    url.pathname
      .split("/")
      .map((part) => escaped(decodeURIComponent(part)))
      .join("/"),
    query,
    ...names.map((name) => `${name}:${all[name]!.trim()}`),
    "",
    names.join(";"),
    hash,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const digest = createHash("sha256").update(request).digest("hex");
  const key = [day, region, "s3", "aws4_request"].reduce<string | Uint8Array>(hmac, `AWS4${secretKey}`);
  const signature = Buffer.from(hmac(key, ["AWS4-HMAC-SHA256", time, scope, digest].join("\n"))).toString("hex");
  const { host: _, ...sent } = all;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope},SignedHeaders=${names.join(";")},Signature=${signature}`,
  };
}

const hmac = (key: string | Uint8Array, text: string): Uint8Array =>
  new Uint8Array(createHmac("sha256", key).update(text).digest());

const escaped = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
