import { cutToBytes } from "./cutToBytes.ts";

/** The bytes that a part of a file's or folder's name takes at most; the whole name takes 255. */
const mostBytes = 140;

/**
 * A text as a part of a name that attar chooses: letters and digits of any script, ".", "=" and "-" stay, everything else
 * becomes "_", and it is cut to 140 bytes.
 */
export const namePart = (text: string) => cutToBytes(text.replace(/[^\p{L}\p{N}_.=-]+/gu, "_"), mostBytes);
