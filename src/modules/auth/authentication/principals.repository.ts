import { Injectable } from '@nestjs/common';
import type { LoadedWithCaller } from '../../../common/access/caller-read.js';
import type { Permission } from '../../../common/access/permissions.js';
import type { CredentialKind, SessionMethod } from '../../../common/access/principal.js';
import type { ApiKeyKind } from '../../../common/secrets/credential-formats.js';
import { Sql, type Statement } from '../../../database/transactions/sql.js';
import type { MeasuredSignIn } from '../../orgs/index.js';
import { type OrgCase, statementsWith, type WorkspaceCase } from './principals.statements.js';
import type { RequestedContext } from './request-headers.js';

/** A valid credential, with the organization and workspace that were found for the request. */
export type CredentialRow = {
  kind: Exclude<CredentialKind, 'scim-token'>;
  credentialId: string;
  /** Null for other credentials than sessions. */
  sessionMethod: SessionMethod | null;
  /** What the organization requires of the sign-in of a session, and what that was; null: nothing is required. */
  signIn: MeasuredSignIn | null;
  userId: string | null;
  madeByUserId: string | null;
  email: string | null;
  /** The user's membership in that organization. */
  membershipId: string | null;
  orgId: string | null;
  orgIsDisabled: boolean | null;
  orgIsSsoOnly: boolean | null;
  orgIpAllowlist: readonly string[] | null;
  memberIsDisabled: boolean | null;
  orgRoleId: string | null;
  /** A workspace of that organization; it does not imply any right of the caller there. */
  workspaceId: string | null;
  /** The user's role in that workspace, or the role of a service key in all of its workspaces. */
  workspaceRoleId: string | null;
  customPermissions: Permission[] | null;
  /** The roles that the user has there through user groups; null without any. */
  groupRoleIds: string[] | null;
  /** The permissions of the custom roles among them. */
  groupCustomPermissions: Permission[] | null;
  /** The workspaces of a service key; null = all workspaces of its organization. */
  keyWorkspaceIds: string[] | null;
  /** The secret of a key that a rotation has replaced, and that is still valid. */
  secretIsReplaced: boolean;
  /** Of a service key: when the rights end with which it was created; null: never. */
  rightsEndAt: Date | null;
  /** Until then the credential and its roles are valid without another look; null: always. In seconds since the Unix epoch. */
  endsAt: number | null;
  /** By the clock, not by the start of the transaction. */
  hasEnded: boolean;
  /** What the route reads with the caller; null if it reads nothing or has to do so itself. */
  loaded: LoadedWithCaller | null;
};

/** `readAt`: the database's time, in seconds since the Unix epoch. A session has an end. */
type SessionRow = CredentialRow & { readAt: number; endsAt: number };

/** An SSO session: whether it is still confirmed, and whether its renewal is due. */
export type CookieRow = CredentialRow & { isConfirmed: boolean; refreshIsDue: boolean };

/**
 * Authenticates a caller with one prepared statement. A read model over users, members, orgs, workspaces, roles and user groups, the
 * only access of this module to those tables.
 */
@Injectable()
export class PrincipalsRepository {
  constructor(private readonly sql: Sql) {}

  findBySession(sessionId: string, requested: RequestedContext): Promise<SessionRow | null> {
    const statement = statementsWith(requested.reads).session[orgCase(requested)][workspaceCase(requested)];
    return this.find<SessionRow>(statement, [sessionId, ...namedIds(requested)], requested);
  }

  findByCookie(digest: Buffer, requested: RequestedContext): Promise<CookieRow | null> {
    const statement = statementsWith(requested.reads).cookie[orgCase(requested)][workspaceCase(requested)];
    return this.find<CookieRow>(statement, [digest, ...namedIds(requested)], requested);
  }

  /** By key or access token. Finds the organization of the credential; the caller compares it with the requested one. */
  findByKey(
    kind: ApiKeyKind | 'application',
    digest: Buffer,
    requested: RequestedContext,
  ): Promise<CredentialRow | null> {
    const statement = statementsWith(requested.reads)[kind][orgCase(requested)][workspaceCase(requested)];
    const named = requested.workspaceId ? [requested.workspaceId] : [];
    return this.find<CredentialRow>(statement, [digest, ...named], requested);
  }

  /** What was read with the row is parsed here, once for all requests that share a cached row. */
  private async find<Row extends CredentialRow>(
    statement: Statement,
    values: readonly unknown[],
    { reads }: RequestedContext,
  ): Promise<Row | null> {
    const row = await this.sql.row<Row>(statement, values);
    if (!reads || !row?.loaded) return row;
    return { ...row, loaded: { ...row.loaded, value: reads.parse(row.loaded.value) } };
  }
}

const orgCase = ({ orgId }: RequestedContext): OrgCase => (orgId ? 'named' : 'derived');

const namedIds = ({ orgId, workspaceId }: RequestedContext): string[] =>
  [orgId, workspaceId].filter((id) => id !== null);

const workspaceCase = ({ workspaceId, needsWorkspace }: RequestedContext): WorkspaceCase =>
  workspaceId ? 'named' : needsWorkspace ? 'derived' : 'none';
