import type { Network } from "./network.ts";

/** Something that holds compiled programs. */
interface Owning {
  dispose(): void;
}

/** One for each store of programs: frees what the store made for a network. */
const releases: ((network: Network) => void)[] = [];

/**
 * A store of compiled functions that belong to a network object: each is made when its key is first asked for, shared by all
 * who ask for it again, and freed by {@link releaseNetwork}.
 */
export function perNetwork<T extends Owning>(): (network: Network, key: string, make: () => T) => T {
  const stored = new WeakMap<Network, Map<string, T>>();
  releases.push((network) => {
    for (const made of stored.get(network)?.values() ?? []) made.dispose();
    stored.delete(network);
  });
  return (network, key, make) => {
    const ofNetwork = stored.get(network) ?? new Map<string, T>();
    stored.set(network, ofNetwork);
    const made = ofNetwork.get(key) ?? make();
    ofNetwork.set(key, made);
    return made;
  };
}

/** Frees the programs of all stores that belong to a network: who builds a network calls it when the network has served. */
export function releaseNetwork(network: Network): void {
  for (const release of releases) release(network);
}
