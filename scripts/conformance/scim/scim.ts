import type { Area } from '../area.ts';
import { ENTRA } from './entra.ts';
import { FILTERS } from './filters.ts';
import { GROUPS } from './groups.ts';
import { OKTA } from './okta.ts';
import { USERS } from './users.ts';

/** RFC 7643 and 7644 as docs/contract/scim.md states them, and the sequences that providers document. */
export const SCIM: Area = {
  name: 'scim',
  options: ['scim-token'],
  connect: (url, { 'scim-token': token = '' }) => ({
    base: `${url}/scim/v2`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
  }),
  sequences: [...USERS, ...GROUPS, ...FILTERS, ENTRA, OKTA],
};
