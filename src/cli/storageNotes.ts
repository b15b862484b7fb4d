import type { Evaluation } from "../evaluate/index.ts";
import { byteCount } from "./output.ts";

/** What a set takes to keep in each form, a sentence, where it has another form than its images. */
export function storageNotes({ subject, storage }: Pick<Evaluation, "subject" | "storage">): string[] {
  const { images, codes, codesAndDecoder, outside, labels, least } = storage;
  if (codes === undefined || codesAndDecoder === undefined) return [];
  return [
    `${subject} is stored as images in ${byteCount(images)}, as codes in ${byteCount(codes)}, as codes with what decodes them${outside ? ", which was trained outside," : ""} in ${byteCount(codesAndDecoder)}; labels ${byteCount(labels)}: ${byteCount(least)} at least`,
  ];
}
