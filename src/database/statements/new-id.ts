import { randomUUIDv7 } from 'node:crypto';

/** A random UUID that sorts by creation time (RFC 9562, version 7; docs/contract/members.md#identifiers). */
export const newId = (): string => randomUUIDv7();

/** Ids for rows of one statement, in ascending order. */
export const newIds = ({ length }: readonly unknown[]): string[] => Array.from({ length }, newId).sort();
