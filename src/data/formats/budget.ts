import { badData } from "../badData.ts";
import { inflateHint, inflateLimit } from "./inflateLimit.ts";

/** The memory that one file may still take: shared by all that its parts inflate to. */
export class Budget {
  private left: number;

  /** @param packed the file's size in bytes, by which {@link inflateLimit} sets how much it may take */
  constructor(
    private readonly packed: number,
    private readonly where: string,
  ) {
    this.left = inflateLimit(packed);
  }

  /** The number of bytes that may still be taken. */
  get bytes(): number {
    return this.left;
  }

  /** Takes `bytes` before they are allocated. @throws AttarError "bad-data" where fewer are left */
  take(bytes: number): void {
    this.left -= bytes;
    if (!(this.left >= 0))
      throw badData(
        this.where,
        `its ${this.packed} bytes would take more than ${inflateLimit(this.packed)} in memory`,
        inflateHint,
      );
  }
}
