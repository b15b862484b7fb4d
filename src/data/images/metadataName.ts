/** Tells whether a file is a list that Hugging Face's image folders may have beside the images. */
export const isMetadata = (file: string): boolean => /^metadata\.(csv|jsonl)$/i.test(file);
