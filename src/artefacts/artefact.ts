import type { NumericTensor } from "../data/formats/npy.ts";
import type { Declared } from "../engine/index.ts";

/**
 * The identity of an artefact, which determines it to the byte: what it is made of (data set, checksum and normalisation),
 * what it is (the other entries), how it is trained (recipe) and the root of its randomness (seed). Two artefacts of equal
 * identity are the same.
 */
export interface Identity {
  readonly dataset: string;
  readonly checksum: string;
  /** The normalisation of the samples that it sees: the kind and every value. */
  readonly normalisation: string;
  readonly seed: number;
  readonly recipe: Readonly<Record<string, string | number>>;
  readonly [entry: string]: string | number | Readonly<Record<string, string | number>>;
}

/** The content of a member: tensors by name, and notes, which are short texts. */
export interface Body {
  readonly notes: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, NumericTensor>>;
}

/** A member of an artefact as it was found. */
export interface Member extends Body {
  readonly index: number;
  /** The path of its file, or what else to call it in an error. */
  readonly where: string;
}

/** The progress of a member's training. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  readonly loss: number;
}

/** The circumstances that the making of a member may be told. */
export interface Making {
  /** Continues from there; the result is that of a training that never stopped. */
  readonly from?: Member;
  readonly signal?: AbortSignal;
  /** Called with what is there after every epoch, and awaited. */
  readonly keep?: (part: Body, progress: Progress) => unknown;
}

/** Makes the members of one artefact, each its own whatever was made before it. */
export interface Maker {
  make(index: number, making?: Making): Promise<Body>;
  /** Gives more notes of a finished member, for people. */
  notes?(body: Body, signal?: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Frees what it compiled. */
  dispose(): void;
}

/** A kind of artefact, as far as stores know it: they take another one by its record. */
export interface ArtefactKind extends Declared {
  /** The name of its folder in a cache. */
  readonly name: string;
  /** The word for a member in sentences and file names: "expert". */
  readonly noun: string;
  readonly reference: string;
  /** The value of the metadata key "format" of its files; a reader refuses any other. */
  readonly format: string;
  /** @throws DamagedArtefact for notes that no member has */
  checkNotes(notes: Body["notes"], where: string): void;
  /** @throws DamagedArtefact for a member that cannot be read as one */
  check(member: Member): void;
}

/** The record of a kind: how its files are read, and how an artefact of it is asked for and made. */
export interface ArtefactRecord<S, O> extends ArtefactKind {
  /**
   * An artefact of this kind.
   *
   * @param source what it is made of @param order what is wanted
   */
  spec(source: S, order: O): ArtefactSpec;
}

/** An artefact as it is asked for. */
export interface ArtefactSpec {
  readonly kind: ArtefactKind;
  readonly identity: Identity;
  /** The number of members wanted. */
  readonly count: number;
  /** Samples that the training of a member sees in all, repeated ones counted. */
  readonly trainedImages: number;
  /** @throws AttarError where the identity is none of the kind */
  maker(): Maker;
  /** A stand-in without training, for estimates. */
  untrained?(index: number): Body;
}

/** The members of an artefact. */
export interface Members {
  /** Member number `index`. The same object is not promised for the same number. */
  at(index: number): Promise<Member>;
  /** Frees what they are made with. */
  dispose?(): void;
}

/** A store that artefacts come from. */
export interface ArtefactStore {
  /** The first `count` members; missing ones are made now or when they are asked for. */
  open(spec: ArtefactSpec): Promise<Members>;
  /** The number of the first `count` members that are there, and where they are or would be. */
  there?(spec: ArtefactSpec): Promise<{ readonly count: number; readonly where: string }>;
}

/** The store of a program that has none of its own: makes each member when it is first asked for, and keeps it in memory. */
export const inMemory: ArtefactStore = {
  async open({ kind, maker }) {
    const own = maker();
    const made = new Map<number, Promise<Member>>();
    return {
      at(index) {
        let member = made.get(index);
        if (!member) {
          member = own.make(index).then((body) => ({ ...body, index, where: `${kind.noun} ${index}` }));
          made.set(index, member);
          member.catch(() => made.delete(index));
        }
        return member;
      },
      dispose: () => own.dispose(),
    };
  },
};

/** Untrained stand-ins: what a step costs does not depend on them. */
export const untrained: ArtefactStore = {
  async open({ kind, untrained: standIn }) {
    if (!standIn) throw new TypeError(`${kind.title} have no stand-ins`);
    return { at: async (index) => ({ ...standIn(index), index, where: `${kind.noun} ${index}` }) };
  },
};
