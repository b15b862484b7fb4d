/** Widths of characters in ems of a sans-serif system font, by kind; a little wide rather than narrow. */
const ems: readonly (readonly [pattern: RegExp, width: number])[] = [
  [/[ilj.,:;'|!]/, 0.3],
  [/[ftr()[\]{} \-/"]/, 0.38],
  [/[mwMW@%]/, 0.92],
  [/[A-Z&]/, 0.7],
  [/[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/, 1],
];
const usual = 0.6;

/** The width of a text in pixels, estimated: nothing here can measure a font. */
export function textWidth(text: string, fontSize: number): number {
  let sum = 0;
  for (const c of text) sum += ems.find(([pattern]) => pattern.test(c))?.[1] ?? usual;
  return sum * fontSize;
}

/** A text that fits into so many pixels, its end cut off. */
export function shortened(text: string, pixels: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= pixels) return text;
  const letters = [...text];
  while (letters.length > 1 && textWidth(`${letters.join("")}…`, fontSize) > pixels) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** A text in lines of at most so many pixels, broken between words; a longer word has a line of its own. */
export function textLines(text: string, pixels: number, fontSize: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, fontSize) <= pixels)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
