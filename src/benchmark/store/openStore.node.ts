import { join, resolve } from "node:path";
import { namePart } from "../../data/namePart.ts";
import { folderBackend } from "./folderBackend.node.ts";
import { bucketAt, s3Backend } from "./s3Backend.node.ts";
import { Store } from "./store.ts";

/** Tells whether an address is a service's, not a folder's. */
export const isRemote = (address: string): boolean => address.startsWith("s3://");

/**
 * The store at an address: a folder's path, or s3://bucket/folder.
 *
 * @throws AttarError "bad-option" where the environment lacks a service's keys
 */
export async function openStore(address: string): Promise<Store> {
  return new Store(isRemote(address) ? s3Backend(bucketAt(address, process.env)) : folderBackend(resolve(address)));
}

/** The folder on this machine for what is under way, and for locks: a store's own, or one that stands for a service's. */
export const localFolder = (address: string): string =>
  isRemote(address) ? join("runs", `benchmark-${namePart(address.slice("s3://".length))}`) : resolve(address);
