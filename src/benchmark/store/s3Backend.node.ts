import { setTimeout } from "node:timers/promises";
import { AttarError } from "../../engine/errors.ts";
import type { Backend } from "./backend.ts";
import { type Credentials, signed } from "./signature.node.ts";

/** A bucket of a service that speaks S3, and the names in it that are ours. */
export interface Bucket {
  /** The service's address, e.g. https://s3.eu-west-1.amazonaws.com. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** The beginning of all names, empty or ending in a slash. */
  readonly prefix: string;
  readonly credentials: Credentials;
}

/** Requests at once. */
const atOnce = 16;
/** Times that a request is made whose answer is the service's trouble. */
const tries = 5;
/** Milliseconds before the second try, doubled for each further one. */
const patience = 200;

/**
 * A bucket in a service that speaks S3: four verbs over `fetch`. A name that must not be replaced is written under the condition that
 * it is not there (`If-None-Match: *`); a service that does not know the condition is found out at the first write.
 *
 * @throws AttarError "no-store" (exit code 1) where it does not answer or refuses
 */
export function s3Backend({ endpoint, region, bucket, prefix, credentials }: Bucket): Backend {
  const where = `s3://${bucket}/${prefix}`;
  const pathOf = (name: string) => `/${bucket}/${`${prefix}${name}`.split("/").map(encodeURIComponent).join("/")}`;

  const once = async (method: string, url: URL, headers: Record<string, string>, body: Uint8Array) => {
    const unsigned = { method, url, headers, body };
    return fetch(url, {
      method,
      headers: signed(unsigned, credentials, region, new Date()),
      ...(method === "PUT" && { body: body as Uint8Array<ArrayBuffer> }),
    });
  };

  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body: Uint8Array = new Uint8Array(),
  ) => {
    const url = new URL(path, endpoint);
    for (let n = 1; ; n++) {
      const answer = await once(method, url, headers, body).catch((error: unknown) => error);
      if (answer instanceof Response && (answer.status < 500 || n === tries)) return answer;
      if (!(answer instanceof Response) && n === tries) throw unreachable(endpoint, answer);
      await setTimeout(patience * 2 ** (n - 1));
    }
  };

  const refused = async (answer: Response, what: string) => {
    const text = await answer.text().catch(() => "");
    const reason = /<Message>([^<]*)<\/Message>/.exec(text)?.[1] ?? answer.statusText;
    return new AttarError(
      "no-store",
      `${where} refuses to ${what}: ${answer.status} ${reason}`.trim(),
      "check the bucket, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL",
      1,
    );
  };

  const get = async (name: string) => {
    const answer = await ask("GET", pathOf(name));
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw await refused(answer, `read ${name}`);
    return new Uint8Array(await answer.arrayBuffer());
  };

  let honoured = false;
  const add = async (name: string, content: Uint8Array) => {
    const answer = await ask("PUT", pathOf(name), { "if-none-match": "*" }, content);
    if (answer.status === 412 || answer.status === 409) {
      honoured = true;
      return false;
    }
    if (!answer.ok) throw await refused(answer, `keep ${name}`);
    if (!honoured) {
      const again = await ask("PUT", pathOf(name), { "if-none-match": "*" }, content);
      honoured = again.status === 412 || again.status === 409;
      if (!honoured)
        throw new AttarError(
          "no-store",
          `${where} does not honour If-None-Match: of two results of one job it would keep the second`,
          "use a service that does (AWS, MinIO, Cloudflare R2), or a folder",
          1,
        );
    }
    return true;
  };

  return {
    where,
    get,
    async many(names) {
      const found: (Uint8Array | undefined)[] = [];
      for (let i = 0; i < names.length; i += atOnce)
        found.push(...(await Promise.all(names.slice(i, i + atOnce).map(get))));
      return found;
    },
    async put(name, content) {
      const answer = await ask("PUT", pathOf(name), {}, content);
      if (!answer.ok) throw await refused(answer, `keep ${name}`);
    },
    add,
    async list(folder) {
      const names: string[] = [];
      for (let token: string | undefined = ""; token !== undefined; ) {
        const query = new URLSearchParams({ "list-type": "2", prefix: `${prefix}${folder}` });
        if (token) query.set("continuation-token", token);
        const answer = await ask("GET", `/${bucket}?${query}`);
        if (!answer.ok) throw await refused(answer, `list ${folder}`);
        const text = await answer.text();
        for (const [, key] of text.matchAll(/<Key>([^<]*)<\/Key>/g)) names.push(unescaped(key!).slice(prefix.length));
        const more = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(text)?.[1];
        token = more === undefined ? undefined : unescaped(more);
      }
      return names;
    },
    async remove(name) {
      const answer = await ask("DELETE", pathOf(name));
      if (!answer.ok && answer.status !== 404) throw await refused(answer, `remove ${name}`);
    },
  };
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const unescaped = (text: string) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    return hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (entities[name] ?? whole);
  });

function unreachable(endpoint: string, error: unknown): AttarError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AttarError(
    "no-store",
    `the store at ${endpoint} cannot be reached: ${reason}`,
    "check AWS_ENDPOINT_URL",
    1,
  );
}

/**
 * The bucket of an address such as s3://bucket/folder; service, region and keys are those of AWS's environment variables.
 *
 * @throws AttarError "bad-option" where one is missing
 */
export function bucketAt(address: string, env: NodeJS.ProcessEnv): Bucket {
  const [, bucket = "", folder = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(address) ?? [];
  const { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey, AWS_SESSION_TOKEN: sessionToken } = env;
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "us-east-1";
  if (!bucket)
    throw new AttarError("bad-option", `"${address}" names no bucket`, "for example --store s3://bucket/benchmark");
  if (!accessKey || !secretKey)
    throw new AttarError(
      "bad-option",
      `${address} needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment`,
      "export both, and AWS_ENDPOINT_URL where the service is not AWS",
    );
  return {
    endpoint: env.AWS_ENDPOINT_URL ?? `https://s3.${region}.amazonaws.com`,
    region,
    bucket,
    prefix: folder === "" || folder.endsWith("/") ? folder : `${folder}/`,
    credentials: { accessKey, secretKey, ...(sessionToken && { sessionToken }) },
  };
}
