/**
 * A pattern of cells as a test of their names and keys. With a slash it is held against the whole name, part by part, and a name with
 * more parts fits, too: "dm/mnist" means all of dm on mnist. Without a slash any part may fit: "ipc1", "dm*". A star stands for
 * anything within a part; the first eight or more digits of a key mean that key.
 */
export function matcher(pattern: string): (name: string, key?: string) => boolean {
  const parts = pattern.replace(/\/+$/, "").split("/").map(partTest);
  const isKey = /^[0-9a-f]{8,64}$/.test(pattern);
  return (name, key) => {
    if (isKey && key?.startsWith(pattern)) return true;
    const own = name.split("/");
    if (parts.length === 1) return own.some((part) => parts[0]!(part));
    return parts.every((test, i) => own[i] !== undefined && test(own[i]));
  };
}

function partTest(glob: string): (part: string) => boolean {
  if (glob === "**") return () => true;
  const source = glob
    .split("*")
    .map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const form = new RegExp(`^${source}$`);
  return (part) => form.test(part);
}
