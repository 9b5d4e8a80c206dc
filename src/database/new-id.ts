import { randomUUIDv7 } from 'node:crypto';

/** A random UUID that sorts by age (RFC 9562, version 7; contract decision 21). */
export const newId = (): string => randomUUIDv7();

/** For rows that are written at once: ids that sort as the rows do. */
export const newIds = ({ length }: readonly unknown[]): string[] => Array.from({ length }, newId).sort();
