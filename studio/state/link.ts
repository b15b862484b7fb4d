import type { OptionValue } from "../../src/engine/index.ts";
import type { Asked } from "../../src/studio/contract.ts";

/** The part of what is asked for that a link holds; of the dataset its name, where it is one that the engine knows by it. */
export type Linked = Partial<Omit<Asked, "dataset">> & { readonly data?: string };

/** What is asked for, as the part of an address after `#`. Settings stand by their paths, so that a link outlives new options. */
export function linkOf({ data, method, ipc, seed, steps, network, settings, parts }: Linked): string {
  const words = new URLSearchParams();
  if (data !== undefined) words.set("data", data);
  if (method !== undefined) words.set("method", method);
  if (ipc !== undefined) words.set("ipc", String(ipc));
  if (seed !== undefined) words.set("seed", String(seed));
  if (steps !== undefined) words.set("steps", String(steps));
  if (network !== undefined) words.set("net", network);
  for (const [slot, name] of Object.entries(parts ?? {})) words.append("part", `${slot}=${name}`);
  for (const [path, value] of Object.entries(settings ?? {})) words.append("set", `${path}=${value}`);
  return words.toString();
}

/** What a link asks for, and the words of it that mean nothing here. */
export function linked(hash: string): { asked: Linked; unknown: string[] } {
  const settings: Record<string, OptionValue> = {};
  const parts: Record<string, string> = {};
  const unknown: string[] = [];
  const asked: { -readonly [K in keyof Linked]: Linked[K] } = {};
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    const whole = /^\d{1,9}$/.test(value) ? Number(value) : undefined;
    const cut = value.indexOf("=");
    if (name === "data" && value) asked.data = value;
    else if (name === "method" && value) asked.method = value;
    else if (name === "net" && value) asked.network = value;
    else if (name === "set" && cut > 0) settings[value.slice(0, cut)] = optionValue(value.slice(cut + 1));
    else if (name === "part" && cut > 0) parts[value.slice(0, cut)] = value.slice(cut + 1);
    else if ((name === "ipc" || name === "steps") && whole !== undefined && whole > 0) asked[name] = whole;
    else if (name === "seed" && whole !== undefined) asked.seed = whole;
    else unknown.push(`${name}=${value}`);
  }
  if (Object.keys(settings).length > 0) asked.settings = settings;
  if (Object.keys(parts).length > 0) asked.parts = parts;
  return { asked, unknown };
}

/** An option's value as it is written: true, false, a number, or text. */
function optionValue(text: string): OptionValue {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
