import { expect, test } from "vitest";
import { infoOf } from "../data/datasetInfo.ts";
import { load } from "../data/index.ts";
import { methodNamed } from "../methods/index.ts";
import { artefactsNeeded, artefactsOf, resolveConfiguration } from "./index.ts";

test.each(["mtt", "esp", "teddy", "wmdd", "guard", "dm"])(
  "what %s needs is told without its data as it is with it",
  async (name) => {
    const dataset = await load("digits");
    const configuration = resolveConfiguration(dataset, methodNamed(name), { ipc: 1 });
    const needed = artefactsNeeded(infoOf(dataset), configuration);
    const specs = await artefactsOf(dataset, configuration);
    expect(needed).toEqual(
      specs.map(({ kind, identity, count, trainedImages }) => ({ kind: kind.name, identity, count, trainedImages })),
    );
  },
);

test("what a latent space needs is told without its data as it is with it", async () => {
  const dataset = await load("digits");
  const settings = { synthetic: "latent", "synthetic.generator": "vae:z=3", "synthetic.steps": 7 };
  const configuration = resolveConfiguration(dataset, methodNamed("dm"), { ipc: 1, settings });
  const [spec] = await artefactsOf(dataset, configuration);
  expect(artefactsNeeded(infoOf(dataset), configuration)).toEqual([
    { kind: "generator", identity: spec!.identity, count: 1, trainedImages: spec!.trainedImages },
  ]);
});

test("teachers and experts are among them", async () => {
  const info = infoOf(await load("digits"));
  const kinds = (name: string) =>
    artefactsNeeded(info, resolveConfiguration(info, methodNamed(name), { ipc: 1 })).map(({ kind }) => kind);
  expect([kinds("mtt"), kinds("teddy")]).toEqual([["experts"], ["teacher"]]);
  expect(kinds("dm")).toEqual([]);
});
