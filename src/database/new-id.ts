import { v7 } from 'uuid';

/** A random UUID that sorts by age (RFC 9562, version 7; decision 21 of the contract). */
export const newId = (): string => v7();
