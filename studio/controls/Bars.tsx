/** A bar of a list: its share of the whole width, 0 to 1, with what it says in words. */
export interface Bar {
  readonly name: string;
  readonly share: number;
  readonly text: string;
  /** A band on the bar, from 0 to 1: what the value is held against. */
  readonly mark?: readonly [from: number, to: number];
}

/** Bars below one another; a table to those who hear the page. */
export function Bars({ bars, caption }: { bars: readonly Bar[]; caption: string }) {
  return (
    <table class="bars">
      <caption>{caption}</caption>
      <tbody>
        {bars.map(({ name, share, text, mark }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td class="bar">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="ground" width="100" height="10" />
                <rect class="filled" width={100 * Math.min(1, Math.max(0, share))} height="10" />
                {mark && (
                  <rect
                    class="mark"
                    x={Math.min(99, 100 * mark[0])}
                    width={Math.max(1, 100 * (mark[1] - mark[0]))}
                    height="10"
                  />
                )}
              </svg>
            </td>
            <td class="number">{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
