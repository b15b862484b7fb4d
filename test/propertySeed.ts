import fc from "fast-check";

/**
 * Property tests draw the same cases in every run, so that a change is what makes one fail. `ATTAR_SEED=random` draws others
 * to search further; a number, those of a report.
 */
const wanted = process.env.ATTAR_SEED;
const seed = wanted === "random" ? undefined : Number(wanted ?? 1);
fc.configureGlobal({ ...(seed !== undefined && { seed }) });
