import { type Domain, imageDomain } from "./domain.ts";

/** The facts of a dataset with a name that are known beforehand. */
export interface KnownDataset {
  readonly name: string;
  readonly title: string;
  readonly shape: readonly [number, number, number];
  readonly domain: Domain;
  readonly classes: readonly string[];
  /** Per-channel constants in units of 0..1; absent where they are measured on the training split. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  /** Images of each class, by split. */
  readonly counts: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** Checksum of the official files, see `datasetChecksum`; absent where it is not known. */
  readonly officialChecksum?: string;
  readonly licence: string;
  readonly citation: string;
}

const digitNames = Array.from({ length: 10 }, (_, i) => String(i));
/** Images of things, whose mirror images are of their class, and of characters, whose are not. */
const things = (shape: readonly [number, number, number]) => ({ shape, domain: imageDomain(shape, true) });
const characters = (shape: readonly [number, number, number]) => ({ shape, domain: imageDomain(shape, false) });
const alike = (classes: number, each: number) => Array<number>(classes).fill(each);
const words = (text: string) => text.trim().split(/\s+/);

/**
 * The datasets `load` knows by name. Means and deviations are the constants of the field's reference code
 * (VICO-UoE/DatasetCondensation), so that accuracies compare.
 */
export const knownDatasets: readonly KnownDataset[] = [
  {
    name: "digits",
    title: "UCI optical recognition of handwritten digits, 8x8",
    ...characters([1, 8, 8]),
    classes: digitNames,
    counts: {
      train: [142, 146, 142, 146, 145, 146, 145, 143, 139, 144],
      test: [36, 36, 35, 37, 36, 36, 36, 36, 35, 36],
    },
    licence: "CC BY 4.0",
    citation:
      "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998",
  },
  {
    name: "mnist",
    title: "MNIST handwritten digits",
    ...characters([1, 28, 28]),
    classes: digitNames,
    mean: [0.1307],
    std: [0.3081],
    counts: {
      train: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      test: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
    },
    officialChecksum: "83d09a1397139b9e348e26d3892fba64f5d91e0e419d66c19fa35c46fba9e666",
    licence: "CC BY-SA 3.0",
    citation:
      "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition, 1998",
  },
  {
    name: "fashion-mnist",
    title: "Fashion-MNIST clothing",
    ...things([1, 28, 28]),
    classes: [
      "T-shirt or top",
      "Trouser",
      "Pullover",
      "Dress",
      "Coat",
      "Sandal",
      "Shirt",
      "Sneaker",
      "Bag",
      "Ankle boot",
    ],
    mean: [0.2861],
    std: [0.353],
    counts: { train: alike(10, 6000), test: alike(10, 1000) },
    licence: "MIT",
    citation: "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, arXiv:1708.07747, 2017",
  },
  {
    name: "cifar-10",
    title: "CIFAR-10 objects",
    ...things([3, 32, 32]),
    classes: words("airplane automobile bird cat deer dog frog horse ship truck"),
    mean: [0.4914, 0.4822, 0.4465],
    std: [0.2023, 0.1994, 0.201],
    counts: { train: alike(10, 5000), test: alike(10, 1000) },
    officialChecksum: "488a767f38be2dcd663ec7a93ad7a7a62355c2533f51815a0b5889a648271d5d",
    licence: "no formal licence",
    citation: "A. Krizhevsky: Learning multiple layers of features from tiny images, 2009",
  },
  {
    name: "cifar-100",
    title: "CIFAR-100 objects (fine labels)",
    ...things([3, 32, 32]),
    classes: words(`
      apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
      caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant
      flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree
      motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate
      poppy porcupine possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
      squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle
      wardrobe whale willow_tree wolf woman worm`),
    mean: [0.5071, 0.4866, 0.4409],
    std: [0.2673, 0.2564, 0.2762],
    counts: { train: alike(100, 500), test: alike(100, 100) },
    licence: "no formal licence",
    citation: "A. Krizhevsky: Learning multiple layers of features from tiny images, 2009",
  },
  {
    name: "svhn",
    title: "Street View House Numbers, cropped digits",
    ...characters([3, 32, 32]),
    classes: digitNames,
    mean: [0.4377, 0.4438, 0.4728],
    std: [0.198, 0.201, 0.197],
    counts: {
      train: [4948, 13861, 10585, 8497, 7458, 6882, 5727, 5595, 5045, 4659],
      test: [1744, 5099, 4149, 2882, 2523, 2384, 1977, 2019, 1660, 1595],
    },
    licence: "non-commercial use",
    citation: "Y. Netzer et al.: Reading digits in natural images with unsupervised feature learning, 2011",
  },
];

/** The known dataset of that name, if there is one. */
export function knownDataset(name: string): KnownDataset | undefined {
  return knownDatasets.find((known) => known.name === name);
}
