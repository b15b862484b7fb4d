import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

const work = `
  import { interruptible } from ${JSON.stringify(new URL("../../dist/cli/interruptible.js", import.meta.url).href)};
  await interruptible("stopping", {}, () => new Promise((done) => {
    setTimeout(done, 30_000);
    console.log("ready");
  }));
`;

test("signals in one moment are one, a later one kills", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", work], { stdio: ["ignore", "pipe", "pipe"] });
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  const [note] = await once(child.stderr, "data");
  expect(String(note)).toContain("stopping; once more stops at once");
  child.kill("SIGTERM");
  await sleep(400);
  expect(child.signalCode).toBe(null);
  child.kill("SIGINT");
  expect(await once(child, "exit")).toEqual([null, "SIGINT"]);
});
