import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/event-bus.js';
import { getOrThrow, zip } from '../../../common/collections.js';
import { newIds } from '../../../database/statements/new-id.js';
import { type Actor, AuditTrail } from '../../audit/index.js';
import { changesFor, createdBy, type MembershipChanges, membershipFacts } from '../../members/index.js';
import { ScimRolesSwitched } from '../../settings/index.js';
import { sameJson } from '../protocol/value.js';
import { ProvisionedRoles } from './provisioned-roles.js';
import { type IgnoredReason, readRoleValues, textsIn } from './role-values.js';
import { ScimRolesRepository } from './scim-roles.repository.js';
import { type StoredRoles, UserRolesRepository } from './user-roles.repository.js';

const CHUNK = 500; // users

/** What switching changes for a user. */
export type SwitchEffect = {
  readonly user: StoredRoles;
  readonly changes: MembershipChanges;
  readonly ignored: readonly { readonly value: string; readonly reason: IgnoredReason | 'limited_token' }[];
};

/**
 * What follows when an Organization Admin switches the attribute `roles` on or off, for the users who have it, in the
 * transaction of the change (docs/contract/scim.md#roles). Switching on removes the values that give nothing, so that the
 * attribute shows what it gives.
 */
@Injectable()
export class SwitchScimRoles implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly roles: ScimRolesRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly provisioned: ProvisionedRoles,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.events.on(ScimRolesSwitched, (switched) => this.run(switched));
  }

  /** The effects on at most `limit` users, in the order of their ids; users without effects are left out. */
  async preview(
    orgId: string,
    areEnabled: boolean,
    { afterId, limit }: { afterId: string | null; limit: number },
  ): Promise<SwitchEffect[]> {
    const effects: SwitchEffect[] = [];
    for (let last = afterId; effects.length < limit;) {
      const users = await this.userRoles.listStored(orgId, last, CHUNK);
      const read = await this.read(orgId, users, areEnabled);
      const given = new Map(read.map(({ user, given: roles }) => [user.userId, roles]));
      const changes = await this.provisioned.preview(
        orgId,
        users.map(({ id }) => id),
        given,
      );
      effects.push(
        ...read
          .map(({ user, ignored }) => ({ user, ignored, changes: changesFor([user.userId], changes) }))
          .filter(
            ({ ignored, changes: its }) =>
              ignored.length > 0 || Object.values(its).some((rows) => rows.length > 0),
          ),
      );
      const end = users.at(-1);
      if (!end || users.length < CHUNK) break;
      last = end.id;
    }
    return effects.slice(0, limit);
  }

  private async run({ orgId, actor, areEnabled }: ScimRolesSwitched): Promise<void> {
    for (let last: string | null = null; ;) {
      const users: StoredRoles[] = await this.userRoles.listStored(orgId, last, CHUNK);
      await this.runFor(actor, orgId, users, areEnabled);
      const end = users.at(-1);
      if (!end || users.length < CHUNK) return;
      last = end.id;
    }
  }

  private async runFor(
    actor: Actor,
    orgId: string,
    users: readonly StoredRoles[],
    areEnabled: boolean,
  ): Promise<void> {
    if (users.length === 0) return;
    const read = areEnabled ? await this.read(orgId, users, areEnabled) : [];
    const rewritten = read.filter(({ user, kept }) => !sameJson(user.roles, [...kept]) || !user.areConfirmed);
    await this.userRoles.replace(
      orgId,
      rewritten.map(({ user: { id }, kept }) => ({ id, roles: kept })),
    );
    const entries = new Map(zip(users, newIds(users)).map(([{ userId }, entryId]) => [userId, entryId]));
    const ids = users.map(({ id }) => id);
    const { changes } = await this.provisioned.update(null, orgId, ids, (userId) =>
      createdBy(actor, 'scim_user', getOrThrow(entries, userId)),
    );
    const rewrittenIds = new Set(rewritten.map(({ user: { id } }) => id));
    await this.audit.recordAll(
      users.flatMap(({ id, userId }) => {
        const facts = membershipFacts(changesFor([userId], changes));
        if (!rewrittenIds.has(id) && Object.keys(facts).length === 0) return [];
        const details = { changed: rewrittenIds.has(id) ? ['roles'] : [], ...facts };
        const scope = { orgId, details, entryId: getOrThrow(entries, userId) };
        return [{ actor, operation: 'update_scim_user' as const, resourceIds: [id, userId], scope }];
      }),
    );
  }

  /** What the stored values of these users would give. */
  private async read(orgId: string, users: readonly StoredRoles[], areEnabled: boolean) {
    const names = await this.roles.findNamed(
      orgId,
      users.flatMap(({ roles }) => textsIn(roles)),
    );
    return users.map((user) => {
      if (!areEnabled) return { user, kept: [], given: [], ignored: [] };
      if (user.areConfirmed) return { user, ...readRoleValues(user.roles, names) };
      const ignored = textsIn(user.roles).map((value) => ({ value, reason: 'limited_token' as const }));
      return { user, kept: [], given: [], ignored };
    });
  }
}
