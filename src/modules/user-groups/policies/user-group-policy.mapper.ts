import type { ListPosition } from '../../../common/lists/cursor-list.js';
import type { UserGroupPolicy } from '../../../contract/user-groups.js';
import type { AttachedGroupPolicy } from '../core/user-group-policies.repository.js';

export const toGroupPolicy = (attached: AttachedGroupPolicy): UserGroupPolicy => ({
  id: attached.policyId,
  name: attached.name,
  description: attached.description,
  effect: attached.effect,
  attached_at: attached.attachedAt.toISOString(),
  ...(attached.workspaceId === null ? {} : { workspace_id: attached.workspaceId }),
});

/** Lists are in the order of the attachments. */
export const toPolicyPosition = ({ id }: AttachedGroupPolicy): ListPosition => ({ key: '', id });
