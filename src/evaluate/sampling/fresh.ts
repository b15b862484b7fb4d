import { readerOf } from "../../data/reader.ts";
import { AttarError, Tensor, work } from "../../engine/index.ts";
import { Decoding, spaceNamed, type Variables } from "../../synthetic/index.ts";
import { declareSampling } from "./sampling.ts";

/** New codes from the prior in every epoch, as many as the set has images, decoded by the generator that is stored with the set. */
export const fresh = declareSampling({
  title: "images of new codes, drawn in every epoch",
  reference: "§5.2.1, GAN training",
  citation: work(
    "K. Wang, J. Gu, H. Zhang, D. Zhou, Z. Zhu, W. Jiang and Y. You",
    2025,
    "DiM: Distilling Dataset into Generative Model",
    "ECCV",
  ),
  options: {},
  async make(_options, { set, dataset }) {
    const { form, ipc, method } = set;
    const space = form && spaceNamed(form.space).make(form.options, readerOf(dataset).facts, ipc);
    if (!form || !space?.draws)
      throw new AttarError(
        "bad-combination",
        `the set of ${method} comes with no generator whose codes have a prior, so that there are no other images than its own`,
        "--protocol bank, or evaluate the run of a method in the codes of a generator",
      );
    const decoding = new Decoding(space, dataset.classes.length);
    const variables: Variables = Object.fromEntries(
      Object.entries(form.variables).map(([name, { data, shape }]) => [
        name,
        data instanceof Int32Array
          ? new Tensor(data, shape, "int32")
          : new Tensor(data as Float32Array, shape, "float32"),
      ]),
    );
    return {
      of: async (own) => ({
        ...own,
        renewed: (_pass, key) => decoding.images(space.draws!(variables, ipc, key)),
      }),
      dispose: () => decoding.dispose(),
    };
  },
});
