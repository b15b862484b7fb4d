import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Milliseconds between two readings: a counter of some 262 kilojoules runs over after 44 minutes at 100 W. */
const often = 60_000;

/** A counter of energy: microjoules that start again at nought beyond a range. */
interface Zone {
  readonly name: string;
  readonly file: string;
  /** The value at which it starts again. */
  readonly range: number;
}

/** What was measured, or why nothing was. */
export type Energy = { readonly joules: number; readonly zones: readonly string[] } | { readonly reason: string };

/** A measurement under way. */
export interface EnergyMeter {
  /** The energy since the meter was opened, of processor packages and memory; it includes whatever else the machine does. */
  stop(): Promise<Energy>;
}

/**
 * Measures the energy of processors and memory by the kernel's RAPL counters (powercap), where they can be read. A virtual machine has
 * none, and since Linux 5.10 they are root's alone: then the reason stands in place of a number, and nothing is estimated.
 *
 * @param folder where the counters are
 */
export async function openEnergyMeter(folder = "/sys/class/powercap", every = often): Promise<EnergyMeter> {
  const zones = await zonesIn(folder);
  if ("reason" in zones) return { stop: async () => zones };
  const last = new Map<Zone, number>();
  let microjoules = 0;
  let lost: string | undefined;
  const take = async () => {
    for (const zone of zones.zones) {
      const now = await numberIn(zone.file);
      if (now === undefined) {
        lost = `${zone.file} could not be read any more`;
        return;
      }
      const before = last.get(zone);
      if (before !== undefined) microjoules += now - before + (now < before ? zone.range : 0);
      last.set(zone, now);
    }
  };
  await take();
  // A reading at a time: two that overlap would count a step twice.
  let turn = Promise.resolve();
  const timer = setInterval(() => {
    turn = turn.then(take);
  }, every);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await turn.then(take);
      return lost === undefined
        ? { joules: microjoules / 1e6, zones: zones.zones.map(({ name }) => name) }
        : { reason: lost };
    },
  };
}

/** The packages and their memory; `psys` holds both once more, cores are within packages. */
async function zonesIn(folder: string): Promise<{ zones: Zone[] } | { reason: string }> {
  const names = await readdir(folder).catch(() => undefined);
  if (!names) return { reason: `this machine has no energy counters (${folder} is not there)` };
  const zones: Zone[] = [];
  for (const entry of names.sort()) {
    if (!/^intel-rapl(-mmio)?:\d+(:\d+)?$/.test(entry)) continue;
    const name = (await readFile(join(folder, entry, "name"), "utf8").catch(() => "")).trim();
    if (!/^(package-\d+|dram)$/.test(name)) continue;
    const file = join(folder, entry, "energy_uj");
    const range = await numberIn(join(folder, entry, "max_energy_range_uj"));
    if (range === undefined || (await numberIn(file)) === undefined)
      return { reason: `${file} cannot be read: since Linux 5.10 the energy counters are root's alone` };
    zones.push({ name, file, range });
  }
  return zones.length > 0 ? { zones } : { reason: `this machine has no energy counters of processors in ${folder}` };
}

async function numberIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  return /^\d+\s*$/.test(text) ? Number(text) : undefined;
}
