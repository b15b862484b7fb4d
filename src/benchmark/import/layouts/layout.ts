import type { Facts, ForeignSet, Space } from "../foreignSet.ts";

/** A file, or files beside one another, as they are read for a layout. */
export interface Files {
  /** The path that was given. */
  readonly path: string;
  readonly isFolder: boolean;
  /** The bytes of a file, or nothing where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

export interface LayoutOptions {
  /** Tiles along a side of a stored image; 1 where images are whole. */
  readonly factor: number;
}

/** A way in which authors publish sets. */
export interface Layout {
  /** What it is, in words. */
  readonly title: string;
  /** The units that images are in unless it is said otherwise. */
  readonly space: Space;
  /** How it whitens where it does: with a share of the mean eigenvalue after normalising, or a constant on pixels of 0 to 1. */
  readonly whitening: "share" | "constant";
  /** Reads every set of a file. @throws AttarError "bad-data" where it is of another layout */
  sets(files: Files, facts: Facts, options: LayoutOptions): Promise<readonly ForeignSet[]>;
}
