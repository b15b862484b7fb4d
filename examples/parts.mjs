// Parts of one's own, one of each kind:
//   attar condense digits --plugin examples/parts.mjs --method examples/contrast.json --ipc 1
export default (attar) => {
  const { numpy: np } = attar.jax;

  /** Every pixel less its image's mean: two uses of `images`, so the first one takes a reference. */
  const contrast = attar.declareView({
    yields: "samples",
    title: "pixels less the image's mean",
    reference: "an example",
    needsNetwork: false,
    options: {},
    make: () => (_network, _params, images) => {
      const rows = images.reshape([images.shape[0], -1]);
      const means = np.mean(rows.ref, 1, { keepdims: true });
      return { contrast: rows.sub(means) };
    },
  });

  /** ‖a − b‖² / (c + ‖b‖²) of means a of S and b of T, as a loop minimises it. */
  const relative = {
    title: "squared difference of means beside the real one's length",
    formula: "‖a − b‖² / (c + ‖b‖²)",
    reference: "an example",
    options: { offset: attar.number(1, 0, undefined, "c, which keeps it finite") },
    unmeasured: "it is not symmetric in its two sides",
    traced: attar.traced(
      {
        compares: ["means"],
        options: {},
        make: ({ offset }) => ({
          between: attar.overLeaves((a, b) => {
            const difference = np.sum(np.square(a.sub(b.ref)));
            return difference.div(np.sum(np.square(b)).add(offset));
          }),
        }),
      },
      { offset: attar.number(1, 0, undefined, "c, which keeps it finite") },
    ),
  };

  /** ‖a − b‖ of the means a and b of two sets, as attar measure prints it. */
  const centres = {
    title: "distance of the means",
    formula: "‖E_μ x − E_ν x‖",
    reference: "an example",
    options: {},
    measured: attar.measured({
      labelAware: false,
      needsImages: false,
      options: {},
      async measure(a, b) {
        const [from, to] = [a, b].map(meanOf);
        return { value: Math.hypot(...from.map((x, i) => x - to[i])), stderr: 0, estimator: "exact" };
      },
    }),
  };

  /** One hidden layer. */
  const shallow = attar.declareArchitecture({
    name: "shallow",
    title: "one hidden layer",
    options: { width: attar.integer(32, 1, 4096) },
    body: ({ width }) => attar.sequential(attar.flatten, attar.linear("hidden", width), attar.activation("relu")),
  });

  /** Images that are their own mirror images: half of each is stored, the other half is its reflection. */
  const mirrored = attar.declareSpace({
    title: "mirrored images",
    reference: "an example",
    options: {},
    storage: () => "ipc halves of C x H x W/2 floats per class",
    extent(_options, { classes, domain: { shape } }, ipc) {
      const [channels, height, width] = shape;
      if (width % 2 === 1) throw new attar.AttarError("bad-combination", "mirrored images have an even width", "");
      const storedFloats = classes.length * ipc * channels * height * (width / 2);
      return { imagesPerClass: ipc, startImages: ipc, storedFloats };
    },
    make(options, facts, ipc) {
      const extent = mirrored.extent(options, attar.groundOf(facts), ipc);
      const [channels, height, width] = facts.shape;
      const half = [channels, height, width / 2];
      return {
        ...extent,
        variables: { halves: { perClass: true, rate: 1 } },
        most: 0,
        plain: false,
        async initial(how, key, reader, signal) {
          const images = await attar.initialiseImages(reader, ipc, how, key, signal);
          const left = images.filter((_, i) => i % width < width / 2);
          return { halves: attar.tensor(left, [facts.classes.length * ipc, ...half]) };
        },
        decode({ halves }) {
          const [groups] = halves.shape;
          const rows = halves.reshape([groups, ipc, ...half]);
          return np.concatenate([rows.ref, np.flip(rows, 4)], 4);
        },
        settle: (variables) => variables,
      };
    },
  });

  /** The mean square of pixels: keeps S from leaving the range of T. */
  const decay = attar.declareRegularisation({
    kind: "regularisation",
    title: "mean square of pixels",
    formula: "mean x²",
    reference: "an example",
    options: { weight: attar.number(0.01, 0, undefined, "of the term") },
    main: "weight",
    over: "set",
    hypotheses: 1,
    view: () => "pixels",
    real: "none",
    make: () => (sides) => {
      attar.unread(sides);
      return np.mean(np.square(sides.synthetic[0]));
    },
  });

  return {
    views: { contrast },
    discrepancies: { relative, centres },
    networks: { shallow },
    spaces: { mirrored },
    tricks: { decay },
  };
};

/** The weighted mean of a measure's points. */
function meanOf({ points, weights }) {
  const [count] = points.shape;
  const length = points.data.length / count;
  const mean = new Array(length).fill(0);
  points.data.forEach((x, i) => {
    mean[i % length] += x * (weights ? weights[Math.floor(i / length)] : 1 / count);
  });
  return mean;
}
