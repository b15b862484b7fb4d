/** A published work, as a method or a part of one names its source. */
export interface Citation {
  /** The authors, initials before surnames, as a sentence lists them: "B. Zhao, K. R. Mopuri and H. Bilen". */
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  /** Proceedings ("ICML"), a journal with its place ("Sensors 23(19):8148"), "arXiv 1811.10959", or a book's publisher. */
  readonly venue: string;
  /** The letter that tells works of one first author, year and first word apart: "a" in "2021a". */
  readonly letter?: string;
  /** A book; proceedings, journals and preprints are told by their venue. */
  readonly book?: true;
}

/** The works that a part rests on: one or several. */
export type Citations = Citation | readonly Citation[];

/** A work in one line. */
export const work = (authors: string, year: number, title: string, venue: string, letter?: string): Citation => ({
  authors,
  year,
  title,
  venue,
  ...(letter && { letter }),
});

/** A part of a method that may name the works it rests on. */
export interface Cited {
  readonly citation?: Citations;
}
