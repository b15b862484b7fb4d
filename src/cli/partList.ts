/**
 * The parts of a list joined by commas or semicolons, each with its options: `convnet:depth=2,width=64,mlp`. What follows a
 * comma and holds "=" but no ":" is an option of the part before it.
 */
export function partList(list: string): string[] {
  const texts: string[] = [];
  for (const part of list.split(";")) {
    let first = true;
    for (const piece of part.split(",").filter((p) => p.trim() !== "")) {
      if (!first && piece.includes("=") && !piece.includes(":")) texts[texts.length - 1] += `,${piece}`;
      else texts.push(piece);
      first = false;
    }
  }
  return texts;
}
