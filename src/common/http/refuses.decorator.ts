import { ApiExtension } from './swagger.decorator.js';

/** The key in the description until the codes are published as answers. */
export const REFUSES = 'x-refuses';

/**
 * The error codes (docs/errors.md) with which the rules behind a handler refuse a request. Those that its other
 * decorators imply, such as a missing permission or a malformed body, are left out. Published with each operation;
 * tests fail on a code that is not declared.
 */
export const Refuses = (...codes: string[]) => ApiExtension(REFUSES, codes);
