import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Advice, adviceChart, adviceFrom } from "../advise/index.ts";
import { writeAtomic } from "../data/index.ts";
import { cannotRead } from "../data/node/readBytes.node.ts";
import { AttarError } from "../engine/errors.ts";
import type { DomainKind } from "../engine/serving.ts";
import { sampleName } from "./numbers.ts";
import { isSigned, signed } from "./ownOutput.ts";

/** The files of an advice in its folder. */
export const adviceFiles = (folder: string) => ({
  json: join(folder, "advice.json"),
  svg: join(folder, "advice.svg"),
});

/**
 * The advice that a folder holds; undefined where there is none yet.
 *
 * @throws AttarError "foreign-files" (exit code 2) where a file that is no advice's would be replaced
 */
export async function earlierAdvice(folder: string): Promise<Advice | undefined> {
  const { json, svg } = adviceFiles(folder);
  const picture = await textOf(svg);
  if (picture !== undefined && !isSigned(picture)) throw foreign(svg);
  const text = await textOf(json);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw foreign(json);
  }
  const advice = adviceFrom(value);
  if (!advice) throw foreign(json);
  return advice;
}

/** Writes an advice and its picture, each whole or not at all. */
export async function keepAdvice(folder: string, advice: Advice, kind: DomainKind): Promise<void> {
  const { json, svg } = adviceFiles(folder);
  await writeAtomic(json, `${JSON.stringify(advice, null, 2)}\n`);
  await writeAtomic(svg, signed(adviceChart(advice, sampleName(kind))));
}

async function textOf(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return undefined;
  if (!found.isFile()) throw foreign(path);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw cannotRead(path, error);
  }
}

const foreign = (path: string) =>
  new AttarError(
    "foreign-files",
    `${path} is there already, and is not what an earlier attar advise wrote`,
    "choose another folder: --out DIR",
  );
