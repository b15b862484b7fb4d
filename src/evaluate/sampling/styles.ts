import { AttarError, flag, work } from "../../engine/index.ts";
import { declareSampling } from "./sampling.ts";

/** Images of a batch that the authors standardise together. */
const batch = 256;

/** Every stored sample once an epoch, in a rendering that is drawn for it: a random hallucinator for each base. */
export const styles = declareSampling({
  title: "every base through a hallucinator that is drawn in every epoch",
  reference: "A.1.4, hallucinators",
  citation: work(
    "S. Liu, K. Wang, X. Yang, J. Ye and X. Wang",
    2022,
    "Dataset Distillation via Factorization",
    "NeurIPS",
  ),
  options: {
    standardised: flag(
      false,
      "whether every batch, of training and of test images, is standardised by its own mean and deviation, as the authors do",
    ),
  },
  async make({ standardised }, { set }) {
    const { form, method, labels } = set;
    const renderings = form?.renderings ?? 1;
    if (renderings < 2)
      throw new AttarError(
        "bad-combination",
        `of every sample of the set of ${method} there is one rendering`,
        "--protocol bank, or evaluate the run of a method with hallucinators, such as haba",
      );
    const samples = labels.length / renderings;
    return {
      async of(own) {
        const rowsOf = (rendering: (sample: number) => number) =>
          Int32Array.from({ length: samples }, (_, sample) => sample * renderings + rendering(sample));
        const first = rowsOf(() => 0);
        return {
          ...own,
          images: own.images.take(first),
          labels:
            own.labels instanceof Int32Array
              ? own.labels.filter((_, i) => i % renderings === 0)
              : own.labels.take(first),
          async renewed(_pass, key) {
            const drawn = key.uniform(samples, 0, renderings);
            return own.images.take(rowsOf((sample) => Math.min(renderings - 1, Math.floor(drawn[sample]!))));
          },
        };
      },
      ...(standardised && { standardised: batch }),
      dispose: () => {},
    };
  },
});
