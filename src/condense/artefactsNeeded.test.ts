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

test.each(["mtt", "esp", "teddy"])(
  "%s may draw from networks trained adversarially: others by identity",
  async (name) => {
    const info = infoOf(await load("digits"));
    const recipeOf = (settings: object) => {
      const options = { ipc: 1, settings: { ...settings } };
      const [needed] = artefactsNeeded(info, resolveConfiguration(info, methodNamed(name), options));
      return needed!.identity.recipe as Record<string, unknown>;
    };
    const plain = recipeOf({});
    expect(plain).not.toHaveProperty("adversary");
    expect(recipeOf({ "hypotheses.adversary": "linf,2/16,steps=5" })).toEqual({
      ...plain,
      adversary: "linf,0.125,steps=5,step=0.5",
    });
    // One that is not said leaves a configuration what it was before there was the option.
    const said = (settings: object) =>
      resolveConfiguration(info, methodNamed(name), { ipc: 1, settings: { ...settings } }).hypotheses.options;
    expect(said({})).toEqual(said({ "hypotheses.adversary": "none" }));
    expect(said({})).not.toHaveProperty("adversary");
    expect(() => said({ "hypotheses.adversary": "linf" })).not.toThrow();
    expect(() => said({ "hypotheses.adversary": "l3,0.1" })).toThrow(/adversary/);
  },
);
