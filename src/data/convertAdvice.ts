import { shellWord } from "../engine/shellWord.ts";

/** Endings of images that Pillow turns into PNG. */
const others = ["ppm", "pgm", "pbm", "pnm", "heic", "heif", "jp2", "j2k", "psd", "ico", "tga"];

const pillow = "from PIL import Image as I";
/** An image as PNG holds it: grey, colour or 16 bits. */
const plain = 'm if m.mode in ("1","L","RGB","I;16") else m.convert("RGB")';

/** Advice that turns images of kinds that are not read into PNG, in a copy of their folder; the old one stays. */
export function convertFolder(folder: string): string {
  const code = [
    "import pathlib as p,shutil,sys",
    pillow,
    "a,b=map(p.Path,sys.argv[1:])",
    `e=tuple("."+x for x in ${JSON.stringify(others.join(" "))}.split())`,
    "w=lambda f:b/f.relative_to(a)",
    "t=[f for f in a.rglob('*') if f.is_file()]".replaceAll("'", '"'),
    "[w(f).parent.mkdir(parents=True,exist_ok=True) for f in t]",
    `[(m:=I.open(f)) and (${plain}).save(str(w(f))+".png") if f.suffix.lower() in e else shutil.copy(f,w(f)) for f in t]`,
  ].join(";");
  const old = folder.replace(/\/+$/, "");
  const converted = `${old}-png`;
  return `With Python and Pillow this writes PNG to ${converted}, for attar to read: python3 -c '${code}' ${shellWord(old)} ${shellWord(converted)}`;
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
