import { randomBytes } from 'node:crypto';

const PREFIX = 'lsv2_scim_';
const SECRET_BYTES = 32; // 43 characters of base64url
const TOKEN = /^lsv2_scim_[\w-]{43}$/;

/** A new token (contract decision 10). Shown to its maker once; only a digest of it is stored. */
export const newScimToken = (): string => PREFIX + randomBytes(SECRET_BYTES).toString('base64url');

/** Whether the text could be a token at all, which takes no query to find out. */
export const looksLikeScimToken = (text: string): boolean => TOKEN.test(text);

/** How a token is shown in lists: prefix, first four and last four characters. */
export const shortScimToken = (token: string): string =>
  `${token.slice(0, PREFIX.length + 4)}...${token.slice(-4)}`;
