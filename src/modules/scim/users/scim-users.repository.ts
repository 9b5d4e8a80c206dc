import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../common/collections.js';
import { Sql } from '../../../database/transactions/sql.js';
import { USER_SHAPE } from '../protocol/schemas.js';
import { ScimError } from '../protocol/scim.errors.js';
import { type PageRequest, ScimPages } from '../query/scim-pages.read-model.js';
import type { ScimUser } from './scim-user.entity.js';
import { OF_ADDRESS, mainAddress } from './user-profile.js';
import {
  FIND,
  FIND_TAKEN,
  INSERT,
  IS_SOLELY_HELD,
  LIST_ABANDONED,
  LIST_ADDRESS_HOLDERS,
  LOCK,
  pageOf,
  UPDATE,
  USER_COLUMNS,
} from './user.statements.js';

export type ScimUserRow = ScimUser & {
  readonly isActive: boolean;
  /** The membership, which is not removed yet. */
  readonly hasEnded: boolean;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
};

/** What the representation of a user shows. */
export type ShownUser = Omit<
  ScimUserRow,
  'hasEnded' | 'orgId' | 'userId' | 'madeAccount' | 'emails' | 'rolesAreConfirmed'
>;

type Generated = Pick<ScimUser, 'id' | 'version' | 'createdAt' | 'updatedAt'>;
export type NewScimRecord = Omit<ScimUser, Exclude<keyof Generated, 'id'>>;

type UniqueAttributes = Pick<ScimUser, 'id' | 'userName' | 'externalId'> & { readonly userId?: string };

const TAKEN = {
  userId: 'This person already has a user here; find it by its e-mail address.',
  externalId: 'Another user has this externalId already.',
  userName: 'Another user has this userName already.',
  email: 'Another user of the organization has this e-mail address already.',
} as const;

/** `userName` is null for a member found by the address of the account. */
type AddressHolder = { readonly email: string } & (
  { readonly userName: null; readonly attributes: null } | Pick<ScimUser, 'userName' | 'attributes'>
);

@Injectable()
export class ScimUsersRepository {
  constructor(
    private readonly sql: Sql,
    private readonly pages: ScimPages,
  ) {}

  find(orgId: string, id: string): Promise<ScimUserRow | null> {
    return this.sql.row<ScimUserRow>(FIND, [orgId, id]);
  }

  /** Without its groups; the row is locked until the transaction ends. */
  lock(orgId: string, id: string): Promise<ScimUserRow | null> {
    return this.sql.row<ScimUserRow>(LOCK, [orgId, id]);
  }

  /** In the given order. @throws ScimError uniqueness */
  async insert(records: readonly NewScimRecord[]): Promise<ScimUser[]> {
    const inserted = await this.sql.rows<Generated>(INSERT, [JSON.stringify(records)]);
    const byId = new Map(inserted.map((row) => [row.id, row]));
    const refused = records.filter(({ id }) => !byId.has(id));
    const [one] = refused;
    if (one) throw await this.conflictOf(one.orgId, refused);
    return records.map((record) => ({ ...record, ...getOrThrow(byId, record.id) }));
  }

  /** @throws ScimError uniqueness */
  async update(
    { orgId, id }: Pick<ScimUser, 'orgId' | 'id'>,
    changed: Pick<ScimUser, 'userName' | 'externalId' | 'attributes' | 'rolesAreConfirmed'> & {
      emails: readonly string[];
    },
  ): Promise<void> {
    const { userName, externalId, emails, attributes, rolesAreConfirmed } = changed;
    const values = [orgId, id, userName, externalId, emails, attributes, rolesAreConfirmed];
    if ((await this.sql.affected(UPDATE, values)) === 0)
      throw await this.conflictOf(orgId, [{ id, userName, externalId }]);
  }

  /**
   * Called under the roster lock, after the users were written. Only main addresses have one holder: a family may share another one.
   * @throws ScimError uniqueness if another user of the organization holds one of the addresses
   */
  async assertSoleHolders(
    orgId: string,
    users: readonly { readonly userId: string; readonly email: string }[],
  ): Promise<void> {
    const holders = await this.sql.rows<AddressHolder>(LIST_ADDRESS_HOLDERS, [
      orgId,
      users.map(({ userId }) => userId),
      users.map(({ email }) => email),
    ]);
    const isMain = ({ email, userName, attributes }: AddressHolder) =>
      userName === null || mainAddress(attributes, userName) === email;
    if (holders.some(isMain)) throw new ScimError('uniqueness', TAKEN.email, OF_ADDRESS);
  }

  /** Whether neither another organization nor another login method holds the account. Call it with the account locked. */
  async isSoleHolder(orgId: string, userId: string): Promise<boolean> {
    return (await this.sql.row<{ alone: boolean }>(IS_SOLELY_HELD, [orgId, userId]))?.alone ?? false;
  }

  /** The accounts among these that have no membership and no login method that SCIM did not create. */
  async listAbandoned(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (userIds.length === 0) return new Set();
    const rows = await this.sql.rows<{ id: string }>(LIST_ABANDONED, [userIds]);
    return new Set(rows.map(({ id }) => id));
  }

  private async conflictOf(orgId: string, refused: readonly UniqueAttributes[]): Promise<ScimError> {
    const values = [orgId, JSON.stringify(refused)];
    const taken = await this.sql.one<Record<keyof typeof TAKEN, boolean>>(FIND_TAKEN, values);
    const attribute = (['userId', 'externalId'] as const).find((name) => taken[name]) ?? 'userName';
    return new ScimError('uniqueness', TAKEN[attribute], { attributes: [attribute] });
  }

  /** @throws ScimError invalidFilter, invalidCursor */
  page(orgId: string, request: PageRequest, withGroups: boolean) {
    const list = { orgId, name: 'users', shape: USER_SHAPE, columns: USER_COLUMNS, alias: 's' } as const;
    return this.pages.read<ShownUser>(list, request, (query) => pageOf(query, withGroups));
  }
}
