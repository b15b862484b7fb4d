import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Images } from "../../src/studio/contract.ts";
import { Pictures } from "./Pictures.tsx";

/** Two sets on one another: one is seen left of a slider, the other right of it; and where they differ. */
export function Difference({ one, other, names }: { one: Images; other: Images; names: readonly [string, string] }) {
  const share = useSignal(50);
  const over = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (over.current) over.current.style.clipPath = `inset(0 0 0 ${share.value}%)`;
  });
  const alike = one.count === other.count && one.data.length === other.data.length;
  if (!alike) return <p class="quiet">Sets of as many images of one size can be laid on one another.</p>;
  return (
    <div class="difference">
      <figure>
        <div class="stack">
          <Pictures images={one} label={`The set of ${names[0]}`} wide />
          <div ref={over}>
            <Pictures images={other} label={`The set of ${names[1]}`} wide />
          </div>
        </div>
        <figcaption>
          <label>
            {names[0]}{" "}
            <input
              type="range"
              min="0"
              max="100"
              value={share.value}
              aria-label={`share of ${names[0]} that is seen`}
              onInput={(event) => {
                share.value = Number(event.currentTarget.value);
              }}
            />{" "}
            {names[1]}
          </label>
        </figcaption>
      </figure>
      <figure>
        <Pictures images={differenceOf(one, other)} label={`Where ${names[0]} and ${names[1]} differ`} wide />
        <figcaption class="quiet">grey: alike; brighter: {names[1]} is brighter; darker: darker</figcaption>
      </figure>
    </div>
  );
}

/** Half of the difference of two sets' bytes, about the middle grey. */
export function differenceOf(one: Images, other: Images): Images {
  const data = Uint8Array.from(one.data, (byte, i) => Math.round(127.5 + (other.data[i]! - byte) / 2));
  return { ...one, data };
}
