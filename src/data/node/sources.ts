/** A file of a dataset and what it must be. */
export interface KnownFile {
  /** Name in the dataset's folder. */
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file to fetch. */
export interface SourceFile extends KnownFile {
  readonly url: string;
  /** The members of a .tar.gz to unpack into the dataset's folder, after which the archive is deleted. */
  readonly unpack?: readonly KnownFile[];
}

const mnist = "https://storage.googleapis.com/cvdf-datasets/mnist/";
const fashion = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/";
const toronto = "https://www.cs.toronto.edu/~kriz/";
const svhn = "https://ufldl.stanford.edu/housenumbers/";

const from = (
  base: string,
  file: string,
  bytes: number,
  sha256: string,
  unpack?: readonly KnownFile[],
): SourceFile => ({
  file,
  url: base + file,
  bytes,
  sha256,
  ...(unpack && { unpack }),
});

const member = (bytes: number, file: string, sha256: string): KnownFile => ({ file, bytes, sha256 });
const cifar10 = [
  member(30730000, "data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
  member(30730000, "data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
  member(30730000, "data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
  member(30730000, "data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
  member(30730000, "data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
  member(30730000, "test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"),
];
const cifar100 = [
  member(153700000, "train.bin", "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"),
  member(30740000, "test.bin", "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"),
];

/** The sources of the named datasets: official files (for MNIST Google's copy of them), sizes and SHA-256 published. */
export const sources: Readonly<Record<string, readonly SourceFile[]>> = {
  mnist: [
    from(
      mnist,
      "train-images-idx3-ubyte.gz",
      9912422,
      "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    from(
      mnist,
      "train-labels-idx1-ubyte.gz",
      28881,
      "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    from(
      mnist,
      "t10k-images-idx3-ubyte.gz",
      1648877,
      "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    from(mnist, "t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
  ],
  "fashion-mnist": [
    from(
      fashion,
      "train-images-idx3-ubyte.gz",
      26421880,
      "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    ),
    from(
      fashion,
      "train-labels-idx1-ubyte.gz",
      29515,
      "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ),
    from(
      fashion,
      "t10k-images-idx3-ubyte.gz",
      4422102,
      "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    ),
    from(
      fashion,
      "t10k-labels-idx1-ubyte.gz",
      5148,
      "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ),
  ],
  "cifar-10": [
    from(
      toronto,
      "cifar-10-binary.tar.gz",
      170052171,
      "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      cifar10,
    ),
  ],
  "cifar-100": [
    from(
      toronto,
      "cifar-100-binary.tar.gz",
      168513733,
      "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
      cifar100,
    ),
  ],
  svhn: [
    from(svhn, "train_32x32.mat", 182040794, "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"),
    from(svhn, "test_32x32.mat", 64275384, "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"),
  ],
};
