import { badData } from "../badData.ts";
import type { PredictedColumn, TableColumn, TablePreparation } from "./preparation.ts";
import { featuresOf } from "./preparation.ts";

/**
 * A preparation out of parsed JSON.
 *
 * @param features the number of features that it must have
 * @throws AttarError "bad-data"
 */
export function preparationOf(value: unknown, features: number, where: string): TablePreparation {
  const { columns, predicted } = isObject(value) ? value : {};
  if (Array.isArray(columns) && Array.isArray(predicted) && columns.every(isColumn) && predicted.every(isPlace)) {
    const preparation = { columns, predicted };
    if (featuresOf(preparation) === features) return preparation;
  }
  throw badData(where, `its metadata "table" does not describe the columns of ${features} features`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

const isPlace = (value: unknown): value is PredictedColumn =>
  isObject(value) &&
  typeof value.name === "string" &&
  Number.isSafeInteger(value.at) &&
  Number(value.at) >= 0 &&
  (value.decimals === undefined ||
    (Number.isInteger(value.decimals) && Number(value.decimals) >= 0 && Number(value.decimals) <= 9));

function isColumn(value: unknown): value is TableColumn {
  if (!isObject(value) || !isPlace(value)) return false;
  const { kind, levels, imputed } = value as Record<string, unknown>;
  if (kind === "category")
    return Array.isArray(levels) && levels.length > 0 && levels.every((v) => typeof v === "string");
  return kind === "number" && (imputed === undefined || Number.isFinite(imputed));
}
