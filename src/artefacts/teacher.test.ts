import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { tinyDataset } from "../../test/fixtures/tinyDataset.ts";
import { infoOf } from "../data/datasetInfo.ts";
import { normaliseBatch } from "../data/normaliseBatch.ts";
import { randomKey } from "../engine/index.ts";
import { buildNetwork, convnet, expertRecipe, mlp, type Params, train } from "../hypotheses/index.ts";
import { type ArtefactStore, inMemory } from "./artefact.ts";
import { parseArtefact } from "./file.ts";
import { makeMembers } from "./node/makeMembers.node.ts";
import { openTeachers, resolvedTeachers, type TeacherOrder, teacher } from "./teacher.ts";

const folders: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "attar-teachers-"));
  folders.push(path);
  return path;
}
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));

const dataset = await tinyDataset();
const order: TeacherOrder = {
  network: mlp({ depth: 1, width: 4 }),
  images: 20,
  recipe: { ...expertRecipe, epochs: 3, batch: 8, learningRate: 0.05, momentum: 0.9 },
  seed: 3,
  count: 2,
  everyEpoch: true,
};

/** A store of one folder. */
const inFolder = (path: string): ArtefactStore => ({
  async open(spec) {
    await makeMembers(spec, path);
    return {
      async at(index) {
        const file = `teacher-000${index}.safetensors`;
        return parseArtefact(spec.kind, await readFile(join(path, file)), file);
      },
    };
  },
});

test("a teacher is what training on its own draw of T gives, epoch by epoch, from memory and from files", async () => {
  const network = buildNetwork(order.network, dataset.shape, dataset.classes.length);
  const turn = randomKey(3).fold("pool").fold("training").fold(1);
  const rows = turn.fold("set").permutation(36, 20);
  const set = {
    images: await normaliseBatch(dataset, "train", rows),
    labels: Int32Array.from(rows, (i) => dataset.train.labels[i]!),
  };
  const states: Params[] = [];
  const { accuracies } = await train(network, set, order.recipe, turn, {
    onPass: (_pass, _loss, { params }) => states.push(params),
  });
  for (const store of [inMemory, inFolder(await folder())]) {
    const teachers = await openTeachers(store, dataset, order);
    for (const epoch of [0, 1, 2])
      expect(await teachers.at(1, epoch)).toEqual({ params: states[epoch], accuracy: Math.fround(accuracies[epoch]!) });
    await expect(teachers.at(1, 3)).rejects.toThrow("was not kept as it was after epoch 3");
  }
});

test("one that is kept as it ends is the last state of one that is kept after every epoch", async () => {
  const [every, last] = await Promise.all(
    [true, false].map((everyEpoch) => openTeachers(inMemory, dataset, { ...order, everyEpoch })),
  );
  expect(await last!.at(0, 2)).toEqual(await every!.at(0, 2));
  await expect(last!.at(0, 1)).rejects.toThrow("teacher 0 was not kept as it was after epoch 1");
  expect((await every!.at(0, 0)).accuracy).toBeLessThan((await every!.at(0, 2)).accuracy);
});

test.each([
  ["an MLP", order],
  [
    "a ConvNet with batch normalisation, augmented, whose last state alone is kept",
    {
      ...order,
      network: convnet({ depth: 1, width: 4, normalisation: "batch" }),
      recipe: { ...order.recipe, augmentation: "siamese:crop_scale" },
      everyEpoch: false,
    },
  ],
] as const)("interrupted after every epoch and called again, %s is the same bytes", async (_, own) => {
  const [whole, broken] = [await folder(), await folder()];
  const bytes = async (path: string) => {
    const names = (await readdir(path)).sort();
    return Promise.all(names.map(async (name) => [name, (await readFile(join(path, name))).toString("base64")]));
  };
  const spec = teacher.spec(dataset, own);
  await makeMembers(spec, whole);
  let interruptions = 0;
  for (let done = false; !done; ) {
    const abort = new AbortController();
    const failure = await makeMembers(spec, broken, {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    }).then(
      () => undefined,
      (error) => error,
    );
    done = !failure;
    if (failure) expect(failure).toMatchObject({ code: "interrupted", exitCode: 4 });
    if (failure) interruptions++;
  }
  expect(interruptions).toBe(5);
  expect(await bytes(broken)).toEqual(await bytes(whole));
});

test("what determines a teacher is in its identity", () => {
  const { identity } = teacher.spec(dataset, order);
  const same = (more: Partial<TeacherOrder>) => teacher.spec(dataset, { ...order, ...more }).identity;
  expect(same({ count: 9 })).toEqual(identity);
  for (const more of [
    { seed: 4 },
    { images: 21 },
    { everyEpoch: false },
    { network: mlp({ depth: 1, width: 5 }) },
    { recipe: { ...order.recipe, augmentation: "siamese:crop" } },
  ])
    expect(same(more)).not.toEqual(identity);
});

test("teachers that are trained adversarially are others: by their identity, and by what they have learned", async () => {
  const adversary = { norm: "linf", radius: 0.1, steps: 2, step: 0.5 } as const;
  const hardened = { ...order, recipe: { ...order.recipe, adversary } };
  const [plain, robust] = [teacher.spec(dataset, order), teacher.spec(dataset, hardened)];
  expect(robust.identity).toEqual({
    ...plain.identity,
    recipe: { ...(plain.identity.recipe as object), adversary: "linf,0.1,steps=2,step=0.5" },
  });
  const [first, other] = [
    await openTeachers(inMemory, dataset, order),
    await openTeachers(inMemory, dataset, hardened),
  ];
  expect((await other.at(0, 2)).params).not.toEqual((await first.at(0, 2)).params);
});

test("no adversary perturbs whitened images, nor where numbers are predicted", () => {
  const adversary = { norm: "linf", radius: 0.1, steps: 2, step: 0.5 } as const;
  const hardened = { ...order, recipe: { ...order.recipe, adversary } };
  expect(() => resolvedTeachers({ ...infoOf(dataset), whitened: true }, hardened)).toThrow(/tiny is whitened/);
});
