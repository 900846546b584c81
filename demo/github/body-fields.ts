/** Reading the fields of a request's JSON body, refusing what is not of their type as GitHub does. */
import { invalidRequest } from './api-error.ts';

export type JsonBody = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a field; undefined when it is absent or null. */
export function optionalText(body: JsonBody, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw invalidRequest(`For 'properties/${field}', ${JSON.stringify(value)} is not a string.`);
  return value;
}

export function requiredText(body: JsonBody, field: string): string {
  const value = optionalText(body, field);
  if (value === undefined) throw invalidRequest(`"${field}" wasn't supplied.`);
  return value;
}

/** A text no longer than GitHub keeps. */
export function boundedText(body: JsonBody, field: string, most = 65_536): string | undefined {
  const value = optionalText(body, field);
  if (value !== undefined && value.length > most)
    throw invalidRequest(`"${field}" is too long (maximum is ${most} characters).`);
  return value;
}

export function optionalNumber(body: JsonBody, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw invalidRequest(`For 'properties/${field}', ${JSON.stringify(value)} is not an integer.`);
  return value;
}

export function optionalBoolean(body: JsonBody, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean')
    throw invalidRequest(`For 'properties/${field}', ${JSON.stringify(value)} is not a boolean.`);
  return value;
}

export function optionalTexts(body: JsonBody, field: string): string[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value))
    throw invalidRequest(`For 'properties/${field}', ${JSON.stringify(value)} is not an array.`);
  return value.map((item) => {
    if (typeof item !== 'string')
      throw invalidRequest(`For 'properties/${field}', ${JSON.stringify(item)} is not a string.`);
    return item;
  });
}

export function optionalRecords(body: JsonBody, field: string): Record<string, unknown>[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every(isRecord))
    throw invalidRequest(`For 'properties/${field}', the value is not an array of objects.`);
  return value;
}

export function optionalChoice<T extends string>(
  body: JsonBody,
  field: string,
  known: readonly T[],
): T | undefined {
  const value = optionalText(body, field);
  if (value === undefined) return undefined;
  const found = known.find((item) => item === value);
  if (found === undefined) throw invalidRequest(`${value} is not a member of ${JSON.stringify(known)}.`);
  return found;
}
