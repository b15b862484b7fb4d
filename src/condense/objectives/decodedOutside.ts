import type { RealReader } from "../../data/reader.ts";
import { resolveOptions, Tensor } from "../../engine/index.ts";
import { type DataSpace, Decoding, spaceNamed, type Variables } from "../../synthetic/index.ts";
import { pick, type Setup, seenAt } from "../setup.ts";
import { shares } from "./match/shares.ts";
import type { Objective, StepContext } from "./objective.ts";

/**
 * An objective whose steps have images in place of codes: S is decoded before a step, and the gradient in its images is pulled back through the
 * stages of the decoding afterwards. The gradient is that of one graph for all of it, which would hold the decoding's step as often as it is
 * taken.
 *
 * @param make the objective of a setup
 */
export function decodedOutside(setup: Setup, reader: RealReader, make: (setup: Setup) => Objective): Objective {
  const { space, decoding, facts, variables: traits, key } = setup;
  const classes = facts.classes.length;
  const plain = imagesOf(setup);
  const beside = Object.fromEntries(Object.entries(traits).filter(([name]) => !(name in space.variables)));
  const own = make({
    ...setup,
    space: plain,
    decoding: new Decoding(plain, classes),
    variables: { ...plain.variables, ...beside },
  });
  return {
    learned: own.learned,
    readsReal: own.readsReal,
    augments: own.augments,
    ...(own.stateful && { stateful: own.stateful }),
    needs: (position) => own.needs(position),
    async evaluate(step: StepContext) {
      const { variables, active } = step;
      const images = await decoding.images(variables);
      const found = await own.evaluate({ ...step, variables: { images, ...pick(variables, beside) } });
      const { images: ofImages, ...rest } = found.gradient;
      const pulled = await decoding.pullback(variables, spread(ofImages!, active, images.shape));
      const visited: Variables = Object.fromEntries(
        Object.entries(pulled).map(([name, t]) => [
          name,
          traits[name]?.perClass && active.length < classes ? shares(t, active, classes) : t,
        ]),
      );
      return { ...found, gradient: { ...visited, ...rest } };
    },
    async work() {
      const initial = await space.initial({ name: "noise" }, key, reader);
      return (await own.work()) + (await decoding.work(seenAt(setup, initial, 0)));
    },
    dispose: () => own.dispose(),
  };
}

/** The space of the images that S is decoded to. */
function imagesOf({ space, facts }: Setup): DataSpace {
  const { most, drawn, imagesPerClass, renderings } = space;
  const pixels = spaceNamed("pixels");
  const options = resolveOptions("the images of S", pixels.options, { most });
  return { ...pixels.make(options, facts, drawn ?? imagesPerClass), ...(renderings !== undefined && { renderings }) };
}

/** The shares of the visited classes among those of all, 0 elsewhere. */
function spread(t: Tensor, active: readonly number[], shape: readonly number[]): Tensor {
  if (t.shape[0] === shape[0]) return t;
  const share = t.data.length / active.length;
  const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
  active.forEach((c, i) => {
    data.set(t.data.subarray(i * share, (i + 1) * share) as Float32Array, c * share);
  });
  return new Tensor(data, shape, "float32");
}
