import { randomBytes } from 'node:crypto';

const PREFIX = 'lsv2_scim_';
const SECRET_BYTES = 32; // 43 characters of base64url
const TOKEN = /^lsv2_scim_[\w-]{43}$/;

/** A new token, shown to its creator once; only its digest is stored (docs/contract/keys.md#key-format). */
export const newScimToken = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64url');

/** Whether the text has the form of a token; avoids a query for other texts. */
export const looksLikeScimToken = (text: string): boolean => TOKEN.test(text);

/** How lists show a token: prefix, first four and last four characters. */
export const shortScimToken = (token: string): string =>
  `${token.slice(0, PREFIX.length + 4)}...${token.slice(-4)}`;
