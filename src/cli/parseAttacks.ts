import { AttarError } from "../engine/errors.ts";
import { parseReading, planNamed, type ReadingSpec } from "../evaluate/index.ts";

const example = "for example --attack apgd-ce:linf,8/255";

/**
 * Reads `--attack`: attacks as readings, `pgd:l2,1,steps=20`, several by "," or by the option again. Of several radii each is a
 * reading of its own: `pgd:linf,0.1,0.2`. "+" joins attacks that an image has to withstand all: `pgd+square:linf,0.1`.
 *
 * @param images test images that are attacked, where that is said for all of them
 * @throws AttarError "bad-option" for an empty list, "unknown-attack", and as parseReading does
 */
export function parseAttacks(lists: readonly string[], images?: number): ReadingSpec[] {
  const texts = lists.flatMap(attackTexts);
  if (texts.length === 0) throw new AttarError("bad-option", "--attack names no attack", example);
  return texts.map((text) => {
    const spec = parseReading(text);
    return images === undefined ? spec : { ...spec, options: { ...spec.options, images } };
  });
}

/** The texts of a list, a radius each. A piece that is no option and no number after a norm begins an attack. */
function attackTexts(list: string): string[] {
  const pieces = list.split(",").flatMap((piece) => (piece.trim() === "" ? [] : [piece.trim()]));
  const attacks: { name: string; norm?: string; radii: string[]; options: string[] }[] = [];
  for (const piece of pieces) {
    const own = attacks.at(-1);
    const named = /^[a-z]/i.test(piece) && (piece.includes(":") || !piece.includes("="));
    if (named) {
      const [name = "", first] = piece.split(":");
      planNamed(name.trim().toLowerCase());
      const option = first?.includes("=");
      attacks.push({ name, ...(first && !option && { norm: first }), radii: [], options: option ? [first!] : [] });
    } else if (!own)
      throw new AttarError("bad-option", `--attack begins with "${piece}", which names no attack`, example);
    else if (piece.includes("=")) own.options.push(piece);
    else own.radii.push(plain(piece));
  }
  return attacks.flatMap(({ name, norm, radii, options }) => {
    if (radii.length > 0 && norm === undefined)
      throw new AttarError(
        "bad-option",
        `the radius ${radii[0]} of ${name} has no norm before it`,
        `--attack ${name}:linf,${radii[0]}`,
      );
    return (radii.length > 0 ? radii : [undefined]).map((radius) => {
      const given = [norm, radius].filter((value) => value !== undefined);
      const all = [...given, ...options];
      return all.length > 0 ? `${name}:${all.join(",")}` : name;
    });
  });
}

/** A number in its shortest form, so that equal radii have one name; anything else as it is. */
const plain = (radius: string): string => (Number.isFinite(Number(radius)) ? String(Number(radius)) : radius);
