/** Files in which runs are kept, by paths with slashes from the folder of runs: those of a disk, or of a page's origin. */
export interface RunFiles {
  /** What is in a folder; nothing where there is none. */
  list(folder: string): Promise<readonly { readonly name: string; readonly isFolder: boolean }[]>;
  /** The content of a file; nothing where there is none. */
  read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The time at which a file was written last, in milliseconds, and its bytes. */
  stat(path: string): Promise<{ readonly modified: number; readonly bytes: number } | undefined>;
}

/** Files that can be written, each whole or not at all. */
export interface WritableFiles extends RunFiles {
  write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(path: string): Promise<void>;
}
