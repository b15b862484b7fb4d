import { expect, test } from "vitest";
import { work } from "../engine/index.ts";
import { bibtexEntry, bibtexKey, bibtexText } from "./bibtex.ts";

test("a paper in proceedings, with letter, initials and a title whose capitals stay", () => {
  const dsa = work("B. Zhao and H. Bilen", 2021, "Condensation with Siamese Augmentation", "ICML", "b");
  expect(bibtexText(bibtexEntry(dsa))).toBe(
    [
      "@inproceedings{zhao2021condensation-b,",
      "  author = {B. Zhao and H. Bilen},",
      "  title = {{Condensation with Siamese Augmentation}},",
      "  booktitle = {ICML},",
      "  year = {2021},",
      "}",
    ].join("\n"),
  );
});

test("journals have volume, number and pages, preprints a number, books a publisher", () => {
  const fieldsOf = (venue: string) => bibtexEntry(work("S. Lloyd", 1982, "Least squares", venue)).fields;
  expect(fieldsOf("Transactions on Theory 28(2):129–137")).toMatchObject({
    journal: "Transactions on Theory",
    volume: "28",
    number: "2",
    pages: "129--137",
  });
  expect(fieldsOf("Sensors 23(19):8148")).toMatchObject({ journal: "Sensors", pages: "8148" });
  expect(fieldsOf("JMLR 13:723–773")).not.toHaveProperty("number");
  expect(fieldsOf("arXiv 1811.10959")).toMatchObject({
    journal: "arXiv preprint arXiv:1811.10959",
    eprint: "1811.10959",
  });
  const book = bibtexEntry({ ...work("W. G. Cochran", 1977, "Sampling Techniques", "Wiley"), book: true });
  expect(book).toMatchObject({ type: "book", fields: { publisher: "Wiley" } });
});

test("keys are ASCII: surnames without initials or accents, the first word that has letters", () => {
  const key = (authors: string, title: string) => bibtexKey(work(authors, 2020, title, "ICML"));
  expect(key("F.-X. Müller-Łoś and S. Amari", "“Deep” learning")).toBe("mullerlos2020deep");
  expect(key("J.-H. Kim, J. Kim and H. O. Song", "M3D: x")).toBe("kim2020m3d");
  expect(key("A. van den Oord et al.", "… – Neural nets")).toBe("vandenoord2020neural");
  expect(key("Øksendal", "1/f noise")).toBe("oksendal20201f");
});

test("what LaTeX would read as commands is escaped, accents become commands, et al. others", () => {
  const { fields, ...entry } = bibtexEntry(
    work("P. Erdős, Ž. Šašić, F. Façade et al.", 2020, "50 % & $x_1$ #~^{}\\ – naïve", "ICML"),
  );
  const text = bibtexText({ ...entry, fields });
  expect(text).toContain(
    "author = {P. Erd{\\H o}s and {\\v Z}. {\\v S}a{\\v s}i{\\'c} and F. Fa{\\c c}ade and others},",
  );
  expect(text).toContain(
    'title = {{50 \\% \\& \\$x\\_1\\$ \\#\\textasciitilde{}\\textasciicircum{}\\{\\}\\textbackslash{} -- na{\\"i}ve}},',
  );
});
