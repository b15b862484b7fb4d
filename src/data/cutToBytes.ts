/** The longest beginning of a text that UTF-8 stores in so many bytes, cut between characters. */
export function cutToBytes(text: string, most: number): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= most) return text;
  let cut = "";
  let used = 0;
  for (const character of text) {
    used += encoder.encode(character).length;
    if (used > most) break;
    cut += character;
  }
  return cut;
}
