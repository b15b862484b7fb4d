/** The part of an address under which a server gives its reports to pages that know the token, but which does not tell the token. */
export async function reportsKey(token: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`attar reports ${token}`));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
