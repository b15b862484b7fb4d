import { expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { resolveConfiguration } from "../condense/configuration.ts";
import { idc, type Method, methods } from "../methods/index.ts";
import { settableOptions } from "./settableOptions.ts";

const data = await tinyDataset({ side: 16 });

/** A method without presets: what is not set is its record's or its parts'. */
const bare = ({ laptop: _, ...method }: Method): Method => ({
  ...method,
  recipe: [{ when: {}, set: { steps: 2, realBatch: 4, imageLearningRate: 0.01, imageMomentum: 0.5 }, source: "" }],
});

test.each(methods.map((method) => [method.name, method] as const))(
  "%s takes each of its options as it is listed, and is the same with all of them",
  (_, method) => {
    const listed = settableOptions(method);
    const settings = Object.fromEntries(listed.map(({ path, value }) => [path, value]));
    const options = { ipc: 2, ...("none" in method.objective ? {} : { steps: 2 }) };
    expect(resolveConfiguration(data, bare(method), { ...options, settings })).toEqual(
      resolveConfiguration(data, bare(method), options),
    );
  },
);

test("a record's own value comes before its part's default, and a trick's path has its name", () => {
  const listed = settableOptions(idc);
  expect(listed.find(({ path }) => path === "synthetic.factor")).toEqual({
    path: "synthetic.factor",
    value: 2,
    takes: expect.any(String),
    meaning: expect.any(String),
  });
  const dream = methods.find(({ name }) => name === "dream")!;
  expect(settableOptions(dream).map(({ path }) => path)).toContain("tricks.kmeans.every");
  expect(new Set(listed.map(({ path }) => path)).size).toBe(listed.length);
});
