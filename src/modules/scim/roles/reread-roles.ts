import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessLimits, type RightsChange } from '../../../common/access/access-limits.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/event-bus.js';
import { getOrThrow, zip } from '../../../common/collections.js';
import { newIds } from '../../../database/statements/new-id.js';
import { type Actor, AuditTrail } from '../../audit/index.js';
import { changesFor, createdBy, type MembershipChanges, membershipFacts } from '../../members/index.js';
import { GroupNamesChanged, isOrdinaryRole, mayGrantOrgAdmin } from '../../roles/index.js';
import { ScimRolesSwitched } from '../../settings/index.js';
import { WorkspaceDeleted } from '../../workspaces/index.js';
import { type JsonObject, sameJson } from '../protocol/value.js';
import { ProvisionedRoles } from './provisioned-roles.js';
import {
  confirmedNames,
  type IgnoredReason,
  type NamedRole,
  readRoleValues,
  textsIn,
  valuesOf,
  waitingIn,
} from './role-values.js';
import { ScimRolesRepository } from './scim-roles.repository.js';
import { type StoredRoles, UserRolesRepository } from './user-roles.repository.js';

export type SwitchEffect = {
  readonly user: StoredRoles;
  readonly changes: MembershipChanges;
  readonly ignored: readonly { readonly value: string; readonly reason: IgnoredReason | 'limited_token' }[];
};

/** A name of a workspace or role was added, changed or removed, by the caller or by bootstrap. */
export type NameChange = { readonly orgId: string; readonly actor: Actor | OrgPrincipal };

export function onNameChange(events: EventBus, handler: (change: NameChange) => Promise<void>): void {
  for (const event of [GroupNamesChanged, WorkspaceDeleted]) events.on<NameChange>(event, handler);
}

/** A value that is stored as a text, and names a role by now. */
type Named = { readonly user: StoredRoles; readonly text: string; readonly role: NamedRole };

/**
 * Reads stored values of `roles` again, in the transaction of a change and under the roster lock. If an Organization Admin switches
 * roles on or off, this removes the values of tokens with the reach of an operator and all but the last in one place. If a name
 * comes to mean something, it gives what whoever changed the name could give (docs/contract/scim.md#roles).
 */
@Injectable()
export class RereadRoles implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly roles: ScimRolesRepository,
    private readonly userRoles: UserRolesRepository,
    private readonly provisioned: ProvisionedRoles,
    private readonly limits: AccessLimits,
    private readonly audit: AuditTrail,
  ) {}

  onModuleInit(): void {
    this.events.on(ScimRolesSwitched, (switched) => this.switch(switched));
    onNameChange(this.events, (change) => this.giveNamed(change));
  }

  /** The effects on at most `limit` users, in the order of their ids; users without effects are left out. */
  async preview(
    orgId: string,
    areEnabled: boolean,
    { afterId, limit }: { afterId: string | null; limit: number },
  ): Promise<SwitchEffect[]> {
    const effects: SwitchEffect[] = [];
    for await (const users of this.userRoles.chunks('all', orgId, afterId)) {
      const read = await this.read(orgId, users, areEnabled);
      const given = new Map(read.map(({ user, given: roles }) => [user.userId, roles]));
      const ids = users.map(({ id }) => id);
      const all = await this.provisioned.preview(orgId, ids, given);
      for (const { user, ignored } of read) {
        const changes = changesFor([user.userId], all);
        if (ignored.length > 0 || Object.values(changes).some((rows) => rows.length > 0))
          effects.push({ user, ignored, changes });
      }
      if (effects.length >= limit) break;
    }
    return effects.slice(0, limit);
  }

  private async switch({ orgId, actor, areEnabled }: ScimRolesSwitched): Promise<void> {
    for await (const users of this.userRoles.chunks('all', orgId)) {
      const read = areEnabled ? await this.read(orgId, users, areEnabled) : [];
      const rewritten = read.filter(
        ({ user, kept }) => !sameJson(user.roles, [...kept]) || !user.areConfirmed,
      );
      await this.write(actor, orgId, users, new Map(rewritten.map(({ user, kept }) => [user, kept])));
    }
  }

  private async giveNamed({ orgId, actor }: NameChange): Promise<void> {
    for await (const users of this.userRoles.chunks('waiting', orgId)) {
      const names = await this.roles.findNamedIn(orgId, users);
      const named = users.flatMap((user) =>
        waitingIn(user.roles, names).map(([text, role]) => ({ user, text, role })),
      );
      const rewritten = new Map<StoredRoles, readonly JsonObject[]>();
      for (const [user, its] of Map.groupBy(await this.grantableBy(actor, named), (one) => one.user)) {
        const given = its.map(({ text, role }) => [text, role] as const);
        const meaning = new Map([...confirmedNames(names, user.roles), ...given]);
        rewritten.set(user, valuesOf(readRoleValues(user.roles, meaning).kept));
      }
      await this.write(actor, orgId, [...rewritten.keys()], rewritten);
    }
  }

  /** Those whose role the caller could give to the user; bootstrap is not compared. */
  private async grantableBy(by: NameChange['actor'], named: readonly Named[]): Promise<readonly Named[]> {
    if (!('orgRole' in by)) return named;
    const changeOf = ({ user, role: { workspaceId, roleId } }: Named): RightsChange => ({
      subject: { memberId: user.userId },
      workspaceId,
      roleId,
    });
    const excessOf = await this.limits.load(by, named.map(changeOf));
    const isOrdinary = ({ user, role }: Named) => role.workspaceId !== null && isOrdinaryRole(user.orgRoleId);
    return named.filter(
      (one) => (mayGrantOrgAdmin(by) || isOrdinary(one)) && excessOf(changeOf(one)) === null,
    );
  }

  /** Stores the `rewritten` values, gives and takes what follows for all of the users, and records both. */
  private async write(
    actor: Actor,
    orgId: string,
    users: readonly StoredRoles[],
    rewritten: ReadonlyMap<StoredRoles, readonly JsonObject[]>,
  ): Promise<void> {
    const replaced = [...rewritten].map(([{ id }, roles]) => ({ id, roles }));
    await this.userRoles.replace(orgId, replaced);
    const entries = new Map(zip(users, newIds(users)).map(([{ userId }, entryId]) => [userId, entryId]));
    const ids = users.map(({ id }) => id);
    const { changes } = await this.provisioned.update(null, orgId, ids, (userId) =>
      createdBy(actor, 'scim_user', getOrThrow(entries, userId)),
    );
    await this.audit.recordAll(
      users.flatMap((user) => {
        const { id, userId } = user;
        const facts = membershipFacts(changesFor([userId], changes));
        if (!rewritten.has(user) && Object.keys(facts).length === 0) return [];
        const details = { changed: rewritten.has(user) ? ['roles'] : [], ...facts };
        const scope = { orgId, details, entryId: getOrThrow(entries, userId) };
        return [{ actor, operation: 'update_scim_user' as const, resourceIds: [id, userId], scope }];
      }),
    );
  }

  /** What the stored values of these users would give. */
  private async read(orgId: string, users: readonly StoredRoles[], areEnabled: boolean) {
    const names = await this.roles.findNamedIn(orgId, users);
    return users.map((user) => {
      if (!areEnabled) return { user, kept: [], given: [], ignored: [] };
      const read = readRoleValues(user.roles, names);
      if (user.areConfirmed) return { user, ...read, kept: valuesOf(read.kept) };
      const ignored = textsIn(user.roles).map((value) => ({ value, reason: 'limited_token' as const }));
      return { user, kept: [], given: [], ignored };
    });
  }
}
