import type { Citation } from "../engine/index.ts";

/** The kind of a BibTeX entry. */
export type EntryType = "inproceedings" | "article" | "book";

/** A citation as BibTeX files it: its kind, and its fields as plain text. */
export interface BibtexEntry {
  readonly key: string;
  readonly type: EntryType;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The key of a citation: the first author's surname, the year and the first word of the title, in small letters without
 * accents, e.g. "kim2022dataset". It depends on the citation alone; a `letter` comes last: "zhao2021dataset-a".
 */
export function bibtexKey({ authors, year, title, letter }: Citation): string {
  const [first = ""] = namesOf(authors);
  const plain = (text: string) =>
    asciiOf(text)
      .toLowerCase()
      .replace(/[^a-z0-9]/g, "");
  const word =
    title
      .split(/\s+/)
      .map(plain)
      .find((w) => w !== "") ?? "";
  return `${plain(surnameOf(first))}${year}${word}${letter ? `-${letter}` : ""}`;
}

/** The entry of a citation. Its kind is read off the venue: see {@link Citation.venue}. */
export function bibtexEntry(citation: Citation): BibtexEntry {
  const { authors, year, title, venue } = citation;
  const common = { author: namesOf(authors).join(" and "), title };
  const entry = (type: EntryType, rest: Readonly<Record<string, string>>): BibtexEntry => ({
    key: bibtexKey(citation),
    type,
    fields: { ...common, ...rest, year: String(year) },
  });
  if (citation.book) return entry("book", { publisher: venue });
  const preprint = /^arXiv (\d{4}\.\d{4,5})$/.exec(venue);
  if (preprint)
    return entry("article", {
      journal: `arXiv preprint arXiv:${preprint[1]}`,
      eprint: preprint[1]!,
      archiveprefix: "arXiv",
    });
  const place = /^(.+) (\d+)(?:\((\d+)\))?:(\d+)(?:[–-](\d+))?$/.exec(venue);
  if (!place) return entry("inproceedings", { booktitle: venue });
  const [, journal, volume, number, from, to] = place;
  return entry("article", {
    journal: journal!,
    volume: volume!,
    ...(number && { number }),
    pages: to ? `${from}--${to}` : from!,
  });
}

/** The entry as text of a .bib file. The title stands in a second pair of braces, which keep its capitals. */
export function bibtexText({ key, type, fields }: BibtexEntry): string {
  const lines = Object.entries(fields).map(([name, text]) => {
    const value = escaped(text);
    return `  ${name} = {${name === "title" ? `{${value}}` : value}},`;
  });
  return [`@${type}{${key},`, ...lines, "}"].join("\n");
}

/** The authors one by one; "et al." becomes BibTeX's "others". */
function namesOf(authors: string): string[] {
  const [listed, more] = authors.split(/,? et al\.?$/) as [string, string | undefined];
  const names = listed
    .split(/, | and /)
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return more === undefined ? names : [...names, "others"];
}

/** The surname of "K. R. Mopuri": the words behind the initials. */
export const surnameOf = (name: string) => name.replace(/^(?:\p{L}{1,2}\.(?:-?\p{L}\.)*\s*)+/u, "");

/** Letters that are no letter with an accent, in ASCII and in LaTeX. */
const letters: Readonly<Record<string, readonly [ascii: string, latex: string]>> = {
  ß: ["ss", "{\\ss}"],
  ø: ["o", "{\\o}"],
  Ø: ["O", "{\\O}"],
  ł: ["l", "{\\l}"],
  Ł: ["L", "{\\L}"],
  æ: ["ae", "{\\ae}"],
  Æ: ["AE", "{\\AE}"],
  ı: ["i", "{\\i}"],
};

/** Combining accents and LaTeX's commands for them. */
const accents: Readonly<Record<string, string>> = {
  "\u0300": "`",
  "\u0301": "'",
  "\u0302": "^",
  "\u0303": "~",
  "\u0304": "=",
  "\u0306": "u ",
  "\u0307": ".",
  "\u0308": '"',
  "\u030a": "r ",
  "\u030b": "H ",
  "\u030c": "v ",
  "\u0327": "c ",
  "\u0328": "k ",
};

/** Characters that LaTeX reads as commands, and dashes and quotes. */
const signs: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "&": "\\&",
  "%": "\\%",
  $: "\\$",
  "#": "\\#",
  _: "\\_",
  "–": "--",
  "—": "---",
  "’": "'",
};

const asciiOf = (text: string) =>
  [...text.normalize("NFD")]
    .map((c) => letters[c]?.[0] ?? c)
    .join("")
    .replace(/\p{M}/gu, "");

/** Text as LaTeX reads it, in ASCII where it has a command for a letter. */
function escaped(text: string): string {
  return text.normalize("NFD").replace(/(\P{M})(\p{M}*)/gu, (_whole, letter: string, marks: string) => {
    const plain = signs[letter] ?? letters[letter]?.[1] ?? letter;
    return [...marks].reduce(
      (inner, mark) => (accents[mark] ? `{\\${accents[mark]}${inner}}` : (inner + mark).normalize("NFC")),
      plain,
    );
  });
}
