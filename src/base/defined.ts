/** Leaves out what is undefined: for optional properties, which are either there or not (`exactOptionalPropertyTypes`). */

/** The same properties; those that may be undefined are optional instead. */
export type Defined<T extends object> = {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/**
 * @param values own, enumerable properties
 * @returns a new object without those that are undefined, in the same order
 */
export function defined<T extends object>(values: T): Defined<T> {
  if (!Object.values(values).includes(undefined)) return { ...values };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
