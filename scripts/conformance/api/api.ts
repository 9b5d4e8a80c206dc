import type { Area } from '../area.ts';
import { BATCHES } from './batches.ts';
import { DESCRIPTION } from './description.ts';
import { INVITATIONS } from './invitations.ts';
import { MEMBERS } from './members.ts';
import { NAMES } from './names.ts';
import { NULLS } from './nulls.ts';
import { ROUTES } from './routes.ts';

/** What clients of the published API rely on. The key is a personal access token of an Organization Admin. */
export const API: Area = {
  name: 'api',
  options: ['api-key'],
  connect: (url, { 'api-key': key = '' }) => ({ base: url, headers: { 'x-api-key': key } }),
  sequences: [...NULLS, ...DESCRIPTION, BATCHES, NAMES, ...ROUTES, INVITATIONS, MEMBERS],
};
