/** Gives a file to the person, as a download. */
export function saveFile(name: string, content: string | Uint8Array, type = "application/octet-stream"): void {
  const link = document.createElement("a");
  const part = typeof content === "string" ? content : new Uint8Array(content);
  link.href = URL.createObjectURL(new Blob([part], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
