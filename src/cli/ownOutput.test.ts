import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { encodeSafetensors } from "../data/index.ts";
import { encoderFormat } from "../views/pushForward/savedEncoder.ts";
import { isSigned, refuseOtherEncoder, refuseOtherPicture, refuseOtherRecord, signed } from "./ownOutput.ts";

const root = mkdtempSync(join(tmpdir(), "attar-output-"));
afterAll(() => rmSync(root, { recursive: true }));
let files = 0;
const file = (content: string | Uint8Array) => {
  const path = join(root, `f${files++}`);
  writeFileSync(path, content);
  return path;
};
const refused = { code: "foreign-files", exitCode: 2, message: expect.stringMatching(/is there already/) };
const encoder = (format: string) => encodeSafetensors({ w: { shape: [1], data: Float32Array.of(1) } }, { format });

test("a signed picture is known again, a changed one is not", () => {
  const svg = signed("<svg></svg>\n");
  expect(isSigned(svg)).toBe(true);
  for (const other of [
    svg.replace("<svg>", "<svg >"),
    svg.slice(0, -1),
    `${svg}\n`,
    "<svg></svg>\n",
    "",
    `<!-- -->${svg}`,
  ])
    expect(isSigned(other)).toBe(false);
});

test("nothing and an own file may be overwritten", async () => {
  await refuseOtherPicture(join(root, "new.svg"));
  await refuseOtherPicture(file(signed("<svg/>\n")));
  await refuseOtherEncoder(join(root, "new.safetensors"));
  await refuseOtherEncoder(file(encoder(encoderFormat)));
});

test("a file of the user's, a folder, a link and a device may not", async () => {
  const own = file(signed("<svg/>\n"));
  symlinkSync(own, join(root, "link"));
  mkdirSync(join(root, "folder"));
  for (const path of [
    file("<svg/>"),
    file(`${signed("<svg/>\n")}<!-- mine -->`),
    join(root, "link"),
    join(root, "folder"),
    "/dev/null",
  ])
    await expect(refuseOtherPicture(path)).rejects.toMatchObject(refused);
  for (const path of [file("weights"), file(encoder("attar-condensed-1")), file(encoder("other")), own])
    await expect(refuseOtherEncoder(path)).rejects.toMatchObject(refused);
});

test("a record is written again as it is, and never over one that somebody changed", async () => {
  await refuseOtherRecord(join(root, "best.json"), "{}\n");
  await refuseOtherRecord(file("{}\n"), "{}\n");
  for (const changed of ['{"name":"mine"}\n', "", "notes"])
    await expect(refuseOtherRecord(file(changed), "{}\n")).rejects.toMatchObject(refused);
});
