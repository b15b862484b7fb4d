/** Names of splits: the first of a list that is there is taken. */
const names = {
  train: ["train", "training"],
  test: ["test", "testing", "tests"],
  validation: ["val", "valid", "validation", "dev"],
} as const;

export type SplitKind = keyof typeof names;

/**
 * The split that a folder's or file's name stands for, in any case and with "set" or "split" behind it: "Train",
 * "training_set", "testset". Undefined for any other name.
 */
export function splitNamed(name: string): SplitKind | undefined {
  const word = name
    .toLowerCase()
    .replace(/[ _-]*(set|split|data|images)$/, "")
    .replace(/[ _-]+$/, "");
  for (const [kind, words] of Object.entries(names))
    if ((words as readonly string[]).includes(word)) return kind as SplitKind;
  return undefined;
}

/**
 * Names that a file has which stands for another split than "train", likeliest first: `digits_Train.csv` →
 * `digits_Test.csv`, … Empty where the name says nothing of training.
 */
export function twinNames(file: string): string[] {
  const found = /(^|[^a-z])(train(?:ing)?)(?![a-z])/i.exec(file) ?? /()(train(?:ing)?)/i.exec(file);
  if (!found) return [];
  const [, before = "", word = ""] = found;
  const at = found.index + before.length;
  const cased = (text: string) =>
    word === word.toUpperCase()
      ? text.toUpperCase()
      : /^[A-Z]/.test(word)
        ? text[0]!.toUpperCase() + text.slice(1)
        : text;
  return [...names.test, ...names.validation].map(
    (other) => file.slice(0, at) + cased(other) + file.slice(at + word.length),
  );
}
