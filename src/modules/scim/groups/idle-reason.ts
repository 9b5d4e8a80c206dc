import { grantsRoles } from './group-binding.js';
import type { ScimGroup } from './scim-group.entity.js';

const CONVENTION =
  '"<prefix>Organization Admins" or "<prefix><organization role><separator><workspace><separator><workspace role>", ' +
  'the prefix ending with a separator';

const REASONS: Readonly<Record<ScimGroup['kind'], string>> = {
  admin: '',
  workspace: 'The workspace that it gave a role in has been deleted.',
  malformed: `Its name follows no rule; a group that gives roles is called ${CONVENTION}.`,
  unknown: 'Its name says a workspace or a workspace role that the organization does not have.',
  ambiguous: 'Its name can be read in more than one way, so it gives nothing.',
};

/** Why a group gives nothing, for people; null when it gives something. */
export const idleReasonOf = (group: Pick<ScimGroup, 'kind' | 'workspaceId'>): string | null =>
  grantsRoles(group) ? null : REASONS[group.kind];
