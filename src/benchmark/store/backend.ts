/**
 * Files by name, in a folder or a service: the little that a store asks of where it keeps things. Names are paths with slashes. A
 * name appears with all of its content or not at all.
 */
export interface Backend {
  /** What to call it in sentences: the folder's path, or the address. */
  readonly where: string;
  /** The content of a name; undefined where there is none. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** The contents of several names, in their order. */
  many(names: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Writes a name, whatever was there. */
  put(name: string, content: Uint8Array): Promise<void>;
  /** Writes a name that is not there yet; of two who try at once one does. @returns false where it was there */
  add(name: string, content: Uint8Array): Promise<boolean>;
  /** The names that begin with a folder's, which ends in a slash. */
  list(folder: string): Promise<readonly string[]>;
  /** Removes a name; none is no error. */
  remove(name: string): Promise<void>;
}
