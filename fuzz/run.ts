import { fork } from "node:child_process";
import type { Order, Report } from "./worker.ts";

/** The bounds of every input. */
export const mostSeconds = 2;
export const mostBytes = 512 * 2 ** 20;
/** Seconds after which a process that says nothing is ended: more than the bound, as machines are shared. */
const silence = 20;
/** Memory at which a process is replaced, so that what one input took is not laid to the next. */
const replacedAt = mostBytes / 4;

/** An input that broke a bound. */
export interface Fault {
  readonly index: number;
  readonly what: string;
}

/** How the inputs of one target fared. */
export interface Tally {
  inputs: number;
  read: number;
  seconds: number;
  slowest: number;
  memory: number;
  readonly faults: Fault[];
}

/** Reads all inputs of an order in processes of their own, replaced where one ends, hangs, or has grown. */
export async function runAll({ name, seed, from, to }: Order): Promise<Tally> {
  const tally: Tally = { inputs: 0, read: 0, seconds: 0, slowest: 0, memory: 0, faults: [] };
  for (let next = from; next < to; ) {
    const { last, ended } = await stretch({ name, seed, from: next, to }, tally);
    next = last + 1;
    if (ended) {
      tally.faults.push({ index: next, what: ended });
      next++;
    }
  }
  return tally;
}

/** One process's share: until all are read, or it ends or is ended. @returns the last input that it told of */
function stretch(order: Order, tally: Tally): Promise<{ last: number; ended?: string }> {
  const child = fork(new URL(import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js", import.meta.url), {
    execArgv: [...process.execArgv, "--max-old-space-size=512"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  return new Promise((resolve) => {
    let last = order.from - 1;
    let [replaced, hung, complaint] = [false, false, ""];
    let timer = setTimeout(stop, 3 * silence * 1000);
    function stop() {
      hung = true;
      child.kill("SIGKILL");
    }
    child.stderr?.on("data", (text) => {
      complaint = `${complaint}${text}`.slice(-600);
    });
    child.on("message", (report: Report) => {
      clearTimeout(timer);
      timer = setTimeout(stop, silence * 1000);
      if (replaced) return;
      last = report.index;
      count(report, tally, order.from);
      if (report.memory > replacedAt && report.index > order.from) {
        // Whose the memory is shows where this input is the first of a fresh process.
        last = report.memory > mostBytes ? last - 1 : last;
        replaced = true;
        child.kill("SIGKILL");
      }
    });
    // Both, in either order: what the process told last may still be on its way when it has ended.
    const exited = new Promise<string>((end) => child.once("exit", (code, signal) => end(String(signal ?? code))));
    const told = new Promise<void>((end) => child.once("disconnect", end));
    Promise.all([exited, told]).then(([how]) => {
      clearTimeout(timer);
      if (replaced || (how === "0" && last === order.to - 1)) resolve({ last });
      else resolve({ last, ended: hung ? `no answer after ${silence} s` : `the process ended (${how}) ${complaint}` });
    });
    child.send(order);
  });
}

function count({ index, read, seconds, memory, fault }: Report, tally: Tally, first: number): void {
  const tooLarge = memory > mostBytes;
  if (tooLarge && index > first) return; // told again by a process of its own
  tally.inputs++;
  if (read) tally.read++;
  tally.seconds += seconds;
  tally.slowest = Math.max(tally.slowest, seconds);
  tally.memory = Math.max(tally.memory, memory);
  if (fault) tally.faults.push({ index, what: fault });
  else if (seconds > mostSeconds) tally.faults.push({ index, what: `took ${seconds.toFixed(1)} s` });
  else if (tooLarge) tally.faults.push({ index, what: `took ${Math.round(memory / 2 ** 20)} MiB` });
}
