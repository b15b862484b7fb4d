/** A word as a POSIX shell reads it back: quoted only where it has to be. Commands that are suggested are made of such words. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
