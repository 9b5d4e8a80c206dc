import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessLimits, type EndOf } from '../../../../common/access/access-limits.js';
import type { Permission } from '../../../../common/access/permissions.js';
import { EventBus } from '../../../../common/event-bus.js';
import { EndBroughtForward } from '../../../members/index.js';
import { rightsOfRole } from '../../../roles/index.js';
import { endOfReach } from './caller-keys.js';
import {
  type EarlierEnd,
  type EndingCredential,
  type EndingCredentials,
  EndingKeysRepository,
} from './ending-keys.repository.js';

/** When the end of somebody's access is brought forward, so is that of keys that they created by it (docs/contract/keys.md#expiry-limits). */
@Injectable()
export class EndKeysEarlier implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly keys: EndingKeysRepository,
    private readonly limits: AccessLimits,
  ) {}

  onModuleInit(): void {
    this.add(this.keys);
  }

  /** Of another kind, which follows the same rule. */
  add(credentials: EndingCredentials): void {
    this.events.on(EndBroughtForward, async ({ orgId, credentialIds }) => {
      const ending = await credentials.listEnding(orgId);
      if (ending.length === 0) return;
      const userIds = ending.map(({ userId }) => userId);
      const ends = await this.limits.loadEndsOf(orgId, userIds);
      const earlier = ending.flatMap((one) => earlierEnd(one, ends.get(one.userId)));
      await credentials.endEarlier(orgId, earlier);
      credentialIds.push(...earlier.map(({ id }) => id));
    });
  }
}

function earlierEnd(
  { id, roleId, permissions, workspaceIds, rightsEndAt }: EndingCredential,
  endOf: EndOf | undefined,
): EarlierEnd[] {
  const rights = roleId ? rightsOfRole(roleId, permissions) : new Set<Permission>();
  const endsAt = endOf ? endOfReach(rights, workspaceIds, endOf) : null;
  return endsAt && endsAt < rightsEndAt ? [{ id, endsAt }] : [];
}
