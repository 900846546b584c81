/** Reading the fields of a request's JSON body, refusing what is not of their type as GitHub does. */
import { malformed } from './refusal.ts';

export type Body = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a field; undefined when it is absent or null. */
export function optionalText(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw malformed(`For 'properties/${field}', ${JSON.stringify(value)} is not a string.`);
  return value;
}

export function text(body: Body, field: string): string {
  const value = optionalText(body, field);
  if (value === undefined) throw malformed(`"${field}" wasn't supplied.`);
  return value;
}

/** A text no longer than GitHub keeps. */
export function boundedText(body: Body, field: string, most = 65_536): string | undefined {
  const value = optionalText(body, field);
  if (value !== undefined && value.length > most)
    throw malformed(`"${field}" is too long (maximum is ${most} characters).`);
  return value;
}

export function optionalNumber(body: Body, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw malformed(`For 'properties/${field}', ${JSON.stringify(value)} is not an integer.`);
  return value;
}

export function flag(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean')
    throw malformed(`For 'properties/${field}', ${JSON.stringify(value)} is not a boolean.`);
  return value;
}

export function texts(body: Body, field: string): string[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value))
    throw malformed(`For 'properties/${field}', ${JSON.stringify(value)} is not an array.`);
  return value.map((item) => {
    if (typeof item !== 'string')
      throw malformed(`For 'properties/${field}', ${JSON.stringify(item)} is not a string.`);
    return item;
  });
}

export function records(body: Body, field: string): Record<string, unknown>[] | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every(isRecord))
    throw malformed(`For 'properties/${field}', the value is not an array of objects.`);
  return value;
}

export function choice<T extends string>(body: Body, field: string, known: readonly T[]): T | undefined {
  const value = optionalText(body, field);
  if (value === undefined) return undefined;
  const found = known.find((item) => item === value);
  if (found === undefined) throw malformed(`${value} is not a member of ${JSON.stringify(known)}.`);
  return found;
}
