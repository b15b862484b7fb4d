import { createHash } from "node:crypto";
import { lstat, readFile } from "node:fs/promises";
import { codeFormat } from "../artefacts/codeFile.ts";
import { headerMetadata } from "../data/index.ts";
import { AttarError } from "../engine/errors.ts";
import { encoderFormat } from "../views/pushForward/savedEncoder.ts";

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");

/** An SVG with a comment at its end by which {@link isSigned} knows it again. */
export const signed = (svg: string) => `${svg}<!-- attar ${digestOf(svg)} -->\n`;

/** Tells an SVG that attar wrote, and nobody changed since, from any other text. */
export function isSigned(text: string): boolean {
  const [comment, digest] = /<!-- attar ([0-9a-f]{64}) -->\n$/.exec(text) ?? [];
  return comment !== undefined && digestOf(text.slice(0, -comment.length)) === digest;
}

/**
 * Refuses to overwrite a file that is not an earlier picture of attar's.
 *
 * @throws AttarError "foreign-files" (exit code 2), also for links, folders and devices
 */
export const refuseOtherPicture = (path: string) =>
  refuseOther(path, "--plot", async () => isSigned(await readFile(path, "utf8")));

/** Refuses to overwrite a file that is not an encoder; see {@link refuseOtherPicture}. */
export const refuseOtherEncoder = (path: string) =>
  refuseOther(path, "--save-encoder", async () => (await headerMetadata(path))?.get("format") === encoderFormat);

/** Refuses to overwrite a file that holds no codes of a generator; see {@link refuseOtherPicture}. */
export const refuseOtherCodes = (path: string) =>
  refuseOther(path, "--draw or --encode", async () => (await headerMetadata(path))?.get("format") === codeFormat);

/** Refuses to overwrite a file: images have no mark by which they could be told. */
export const refuseOtherDecoded = (path: string) => refuseOther(path, "--to", async () => false);

/** Refuses to overwrite a file that is another than the record to be written: a person may have changed it since. */
export const refuseOtherRecord = (path: string, record: string) =>
  refuseOther(path, "--record", async () => (await readFile(path, "utf8")) === record);

/** The first bytes of an ONNX file that attar wrote: IR version 8, and the producer's name. */
const modelStart = [0x08, 0x08, 0x12, 0x05, ...new TextEncoder().encode("attar")];

/** Refuses to overwrite a file that is not an ONNX file that attar wrote; see {@link refuseOtherPicture}. */
export const refuseOtherModel = (path: string) =>
  refuseOther(path, "--to", async () => {
    const bytes = await readFile(path);
    return modelStart.every((byte, i) => bytes[i] === byte);
  });

async function refuseOther(path: string, option: string, isOwn: () => Promise<boolean>): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found || (found.isFile() && (await isOwn().catch(() => false)))) return;
  throw new AttarError(
    "foreign-files",
    `${path} is there already, and is not what an earlier ${option} wrote`,
    `choose another name for ${option}, or move it away`,
  );
}
