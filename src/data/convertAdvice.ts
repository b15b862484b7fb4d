import { shellWord } from "../engine/shellWord.ts";

/** Endings of images that are not read, and of those that are. */
const others = ["jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff", "ppm", "pgm", "avif", "heic"];
const otherImage = new RegExp(`\\.(${others.join("|")})$`, "i");

/** Tells whether a file is an image of a kind that is not read, by its name. */
export const isOtherImage = (file: string): boolean => otherImage.test(file);

/** The kind of image that the first bytes are of, where it is one that is not read. */
export function otherImageKind(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 12));
  if (text.startsWith("\u00ff\u00d8\u00ff")) return "JPEG";
  if (text.startsWith("RIFF") && text.slice(8) === "WEBP") return "WebP";
  if (text.startsWith("GIF8")) return "GIF";
  if (text.startsWith("BM")) return "BMP";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "TIFF";
  return text.slice(4, 8) === "ftyp" ? "AVIF or HEIC" : undefined;
}

const pillow = "from PIL import Image as I";
/** An image as PNG holds it: grey, colour or 16 bits. */
const plain = 'm if m.mode in ("1","L","RGB","I;16") else m.convert("RGB")';

/**
 * Advice that converts a folder of images of any kind, folders in it included, to PNG in a folder beside it; the old one stays.
 *
 * @param size width and height that all images get; each keeps its own when left out
 */
export function convertFolder(folder: string, size?: readonly [number, number]): string {
  const resized = size ? `(${plain}).resize((${size.join(",")}))` : `(${plain})`;
  const code = [
    "import pathlib as p,shutil,sys",
    pillow,
    "a,b=map(p.Path,sys.argv[1:])",
    `e=tuple("."+x for x in ${JSON.stringify(["png", ...others].join(" "))}.split())`,
    "w=lambda f:b/f.relative_to(a)",
    'j=lambda f:str(w(f))+("" if f.suffix.lower()==".png" else ".png")',
    "t=[f for f in a.rglob('*') if f.is_file()]".replaceAll("'", '"'),
    "[w(f).parent.mkdir(parents=True,exist_ok=True) for f in t]",
    `[(m:=I.open(f)) and ${resized}.save(j(f)) if f.suffix.lower() in e else shutil.copy(f,w(f)) for f in t]`,
  ].join(";");
  const old = folder.replace(/\/+$/, "");
  const converted = `${old}-png`;
  const why = size ? `gives all ${size.join(" x ")} pixels in ${converted}` : `writes PNG to ${converted}`;
  return `With Python and Pillow this ${why}, for attar to read: python3 -c '${code}' ${shellWord(old)} ${shellWord(converted)}`;
}

/** Advice that converts the images in a Parquet file to PNG, in a file beside it. */
export function convertParquet(file: string, column: string): string {
  const code = [
    "import io,sys,pyarrow as a,pyarrow.parquet as q",
    pillow,
    "s,d,n=sys.argv[1:]",
    "t=q.read_table(s)",
    "c=t.schema.names.index(n)",
    "f=t.schema.field(c)",
    `g=lambda x:(o:=io.BytesIO(),m:=I.open(io.BytesIO(x)),(${plain}).save(o,"PNG"))[0].getvalue()`,
    'h=lambda x:{**x,"bytes":g(x["bytes"])} if isinstance(x,dict) else g(x)',
    "q.write_table(t.set_column(c,f,a.array([h(x) for x in t[c].to_pylist()],f.type)),d)",
  ].join(";");
  const converted = file.replace(/\.parquet$/i, "-png.parquet");
  const words = [file, converted, column].map(shellWord).join(" ");
  return `With Python, pyarrow and Pillow this writes PNG to ${converted}, for attar to read: python3 -c '${code}' ${words}`;
}

/** Advice that writes the Arrow files of Hugging Face's `save_to_disk` as Parquet, a file a split, in a folder beside it. */
export function convertArrow(folder: string): string {
  const code = [
    "import pathlib as p,sys,pyarrow as a,pyarrow.parquet as q",
    "s,d=map(p.Path,sys.argv[1:])",
    "d.mkdir(exist_ok=True)",
    'r=lambda f:a.ipc.open_stream(f.open("rb")).read_all()',
    'n=lambda g:"train" if g==s else g.name',
    'w=lambda g:q.write_table(a.concat_tables([r(f) for f in sorted(g.glob("*.arrow"))]),d/(n(g)+".parquet"))',
    '[w(g) for g in {f.parent for f in s.rglob("*.arrow")}]',
  ].join(";");
  const old = folder.replace(/\/+$/, "");
  const converted = `${old}-parquet`;
  const words = [old, converted].map(shellWord).join(" ");
  return `With Python and pyarrow this writes Parquet to ${converted}, for attar to read: python3 -c '${code}' ${words}`;
}
