import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessLimits, type EndOf } from '../../../../common/access/access-limits.js';
import type { Permission } from '../../../../common/access/permissions.js';
import { EventBus } from '../../../../common/event-bus.js';
import { EndBroughtForward } from '../../../members/index.js';
import { rightsOfRole } from '../../../roles/index.js';

import { endOfReach } from './caller-keys.js';
import { type EarlierEnd, type EndingCredential, EndingKeysRepository } from './ending-keys.repository.js';

/** When the end of somebody's access is brought forward, so is that of keys that they created by it (docs/contract/keys.md#expiry-limits). */
@Injectable()
export class EndKeysEarlier implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly keys: EndingKeysRepository,
    private readonly limits: AccessLimits,
  ) {}

  onModuleInit(): void {
    this.events.on(EndBroughtForward, async (event) => {
      const earlier = await this.findEarlier(event.orgId, await this.keys.list(event.orgId));
      await this.keys.endEarlier(event.orgId, earlier);
      event.credentialIds.push(...earlier.map(({ id }) => id));
    });
  }

  /** In one statement. */
  async findEarlier(orgId: string, credentials: readonly EndingCredential[]): Promise<EarlierEnd[]> {
    if (credentials.length === 0) return [];
    const ends = await this.limits.loadEndsOf(
      orgId,
      credentials.map(({ userId }) => userId),
    );
    return credentials.flatMap((credential) => earlierEnd(credential, ends.get(credential.userId)));
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
