import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cellsOf } from "../../plan/cells.node.ts";
import { folderBackend } from "../../store/folderBackend.node.ts";
import { Store } from "../../store/store.ts";
import { parseStudy } from "../../study/parseStudy.ts";
import { resolveStudy } from "../../study/resolveStudy.node.ts";
import type { KeptDiagnosis } from "./import.node.ts";
import { runJob } from "./runJob.node.ts";

const root = mkdtempSync(join(tmpdir(), "attar-import-job-"));
afterAll(() => rmSync(root, { recursive: true }));
cpSync(new URL("../../../../golden/imports/files", import.meta.url), join(root, "files"), { recursive: true });
writeFileSync(join(root, "files", "hostile.pt"), readFileSync(join(root, "files", "data.pt")).subarray(0, 100));

const vico = { import: "files/res_DC_ConvNet_2ipc.pt", claimed: { accuracy: 0.5, source: "Table 1" } };
const cells = async (methods: readonly object[]) =>
  cellsOf(
    await resolveStudy(
      parseStudy({ name: "sets", methods, datasets: ["digits"], ipc: [2], networks: ["mlp"] }, "s"),
      join(root, "s.json"),
    ),
  );

const store = new Store(folderBackend(join(root, "store")));
const done = async (job: Parameters<typeof runJob>[0]) => {
  const options = { copies: false, signal: new AbortController().signal, onStep: () => {}, onNote: () => {} };
  await runJob(job, { store, folder: join(root, "work", job.key), ...options });
  return (await store.result(job.kind, job.key))!;
};

test("published files are planned by what they come to, or refused with the reason", async () => {
  const { sets } = await cells([
    { ...vico, as: "first", layout: { name: "vico", set: 0 } },
    { ...vico, as: "second", layout: { name: "vico", set: 1 } },
    { ...vico, as: "both", layout: "vico" },
    { import: "files/hostile.pt", as: "torn", layout: "idc" },
    { import: "files/mtt", as: "folder", layout: { name: "mtt", despite: true } },
  ]);
  const by = Object.fromEntries(sets.map((set) => [set.subject.label, set]));
  expect(by.first!.job!.key).not.toBe(by.second!.job!.key);
  expect(by.first!.job!.key).toMatch(/^[0-9a-f]{64}$/);
  expect(by.both!.refused!.message).toMatch(/has 2 sets, and a study takes one at a time$/);
  expect(by.torn!.refused!.message).toContain("hostile.pt");
  expect(by.folder!.job ?? by.folder!.refused).toBeDefined();
  await expect(cells([{ ...vico, layout: "vicoo" }])).rejects.toMatchObject({
    exitCode: 2,
    hint: expect.stringContaining("vico"),
  });
  await expect(cells([{ name: "dm", layout: "vico" }])).rejects.toMatchObject({ code: "bad-study" });
});

test("the doctor's findings are kept, and what it can mend is refused unless a study says despite", async () => {
  const { sets } = await cells([
    { ...vico, as: "right", layout: { name: "vico", set: 0 } },
    { ...vico, as: "turned", layout: { name: "vico", set: 0, order: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] } },
    { ...vico, as: "anyway", layout: { name: "vico", set: 0, order: [1, 2, 3, 4, 5, 6, 7, 8, 9, 0], despite: true } },
  ]);
  const [right, turned, anyway] = sets.map(({ job }) => job!);
  const good = (await done(right!)).values.doctor as KeptDiagnosis;
  expect(good.agreement).toBeGreaterThan(0.9);
  expect(good.findings).toEqual([expect.stringMatching(/are training images of digits$/)]);
  await expect(done(turned!)).rejects.toMatchObject({
    ...{ code: "odd-set", exitCode: 2, message: expect.stringContaining("permuted?") },
    hint: expect.stringContaining('"order": [0,1,2,3,4,5,6,7,8,9]'),
  });
  const bad = (await done(anyway!)).values.doctor as KeptDiagnosis;
  expect(bad.findings[0]).toMatch(/^permuted\?/);
});
