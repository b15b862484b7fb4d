import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "attar-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const module = new URL("./processes.ts", import.meta.url).pathname;

/** Whether a process lives; one that waits to be collected does not. */
const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

// A leader that starts a child, which would sleep on; the program that started it ends in one of these ways.
const ends = {
  "an error": "throw new Error('lost')",
  "a rejection": "Promise.reject(new Error('lost'))",
  "a return": "",
  "Ctrl-C": "process.kill(process.pid, 'SIGINT'); setInterval(() => {}, 1000)",
  SIGTERM: "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)",
};

test.each(Object.entries(ends))("after %s no process is left", async (_, end) => {
  const { Processes } = await compiled();
  const file = join(folder, `${Math.random()}.mjs`);
  writeFileSync(
    file,
    `${Processes}
     const processes = new Processes();
     const leader = processes.start("bash", ["-c", "sleep 100 & echo $! >&2; wait"]);
     leader.stderr.once("data", (text) => {
       process.stdout.write(\`\${leader.pid} \${text}\`, () => { leader.stderr.destroy(); leader.unref(); ${end} });
     });`,
  );
  const program = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  program.stdout.on("data", (text) => {
    said += text;
  });
  await new Promise((resolve) => program.once("close", resolve));
  const pids = said.trim().split(/\s+/).map(Number);
  expect(pids.length).toBe(2);
  for (let i = 0; i < 50 && pids.some(lives); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pids.filter(lives)).toEqual([]);
});

/** The class as JavaScript, for a program of its own. */
async function compiled(): Promise<{ Processes: string }> {
  const { transformWithEsbuild } = await import("vite");
  const { readFileSync } = await import("node:fs");
  const { code } = await transformWithEsbuild(readFileSync(module, "utf8"), module);
  return { Processes: code };
}
