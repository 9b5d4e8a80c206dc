import type { OrgPrincipal } from '../../../common/access/principal.js';
import { originOf } from '../../../common/outbound/address-rules.js';
import { isBeyondCreator, isGone, toCreatedBy } from '../../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../../roles/index.js';
import type { Types } from './receiver-kind.statements.js';
import type { Described } from './receivers.service.js';

/** What receivers of all kinds show. */
export function toReceiver<T extends Types>({ receiver, creator }: Described<T>, caller: OrgPrincipal) {
  const isEnabled = receiver.disabledAt === null;
  return {
    id: receiver.id,
    url: mayGrantOrgAdmin(caller) ? receiver.url : originOf(receiver.url),
    description: receiver.description,
    is_enabled: isEnabled,
    disabled_at: receiver.disabledAt?.toISOString() ?? null,
    owner_gone: isEnabled && receiver.createdByUserId !== null && isGone(creator),
    exceeds_creator: isBeyondCreator(receiver, creator, { isActive: isEnabled }),
    created_at: receiver.createdAt.toISOString(),
    updated_at: receiver.updatedAt.toISOString(),
    ...toCreatedBy(receiver, creator?.email ?? null),
  };
}
