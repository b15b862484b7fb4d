/** Words of images in the names of files, with those that stand for their labels, likeliest first. */
const pairs: readonly (readonly [string, readonly string[]])[] = [
  ["x", ["y"]],
  ["X", ["y", "Y"]],
  ["images", ["labels", "targets"]],
  ["Images", ["Labels", "Targets"]],
  ["imgs", ["labels"]],
  ["image", ["label"]],
  ["data", ["labels", "label", "targets", "target"]],
  ["features", ["labels", "targets"]],
  ["embeddings", ["labels", "targets"]],
];

/**
 * Names that the file of the labels may have beside a file of images, likeliest first: `x_train.npy` → `y_train.npy`,
 * `images.npy` → `labels.npy`, …
 */
export function labelsBeside(file: string): string[] {
  const dot = file.lastIndexOf(".");
  const [stem, extension] = [file.slice(0, dot), file.slice(dot)];
  return pairs.flatMap(([images, labels]) => {
    const word = new RegExp(`(?<![A-Za-z])${images}(?![A-Za-z])|^${images}(?=(?:train|test|val))`);
    return word.test(stem) ? labels.map((label) => stem.replace(word, label) + extension) : [];
  });
}
