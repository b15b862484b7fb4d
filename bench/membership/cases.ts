/** An audit of the page, as it is typed. */
export interface MembershipCase {
  readonly name: string;
  readonly command: string;
}

const common = "--on digits --ipc 10 --shadows 16 --net convnet:width=16,depth=2 --epochs 100";

/** The audits of docs/results/audits.md. */
export const cases: readonly MembershipCase[] = [
  {
    name: "dm, from real images",
    command: `attar audit dm ${common} --steps 100 --set initialisation=random --controls random,full,equal`,
  },
  {
    name: "dm, from noise",
    command: `attar audit dm ${common} --steps 100 --set initialisation=noise --controls none`,
  },
  {
    name: "dp-dm, ε 1",
    command: `attar audit dp-dm ${common} --steps 200 --set privacy.releases=50 --controls equal`,
  },
];
