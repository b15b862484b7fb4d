import { resolve } from "node:path";
import { folderBackend } from "./folderBackend.node.ts";
import { Store } from "./store.ts";

/** The store at an address: a folder's path. */
export async function openStore(address: string): Promise<Store> {
  return new Store(folderBackend(resolve(address)));
}
