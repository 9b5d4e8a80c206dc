import { Injectable } from '@nestjs/common';
import type { SessionMethod } from '../../common/access/principal.js';
import type { Permission } from '../../common/access/permissions.js';
import { Sql, type Statement } from '../../database/sql.js';
import type { ApiKeyKind } from './api-keys/key-format.js';
import {
  byCookie,
  byPersonalToken,
  byServiceKey,
  bySession,
  type OrgCase,
  type WorkspaceCase,
} from './principal.statements.js';
import type { RequestedContext } from './requested-context.js';

/** A valid credential, with the organization and workspace that were found for the request. */
export type CredentialRow = {
  credentialId: string;
  /** Null for keys. */
  sessionMethod: SessionMethod | null;
  userId: string | null;
  email: string | null;
  orgId: string | null;
  orgIsDisabled: boolean | null;
  orgIsSsoOnly: boolean | null;
  memberIsDisabled: boolean | null;
  orgRoleId: string | null;
  /** Of the organization above; it says nothing about what the caller may do there. */
  workspaceId: string | null;
  /** A person's role in that workspace; a service key's role in all that it covers. */
  workspaceRoleId: string | null;
  customPermissions: Permission[] | null;
  /** Of a service key; null = all of its organization. */
  keyWorkspaceIds: string[] | null;
};

/** Of single sign-on: whether the provider's word still holds, and whether it is time to ask for the next one. */
export type CookieRow = CredentialRow & { isConfirmed: boolean; refreshIsDue: boolean };

const perWorkspaceCase = (
  statement: (workspace: WorkspaceCase) => Statement,
): Record<WorkspaceCase, Statement> => ({
  none: statement('none'),
  named: statement('named'),
  derived: statement('derived'),
});

const perContext = (statement: (org: OrgCase, workspace: WorkspaceCase) => Statement) => ({
  named: perWorkspaceCase((workspace) => statement('named', workspace)),
  derived: perWorkspaceCase((workspace) => statement('derived', workspace)),
});

const BY_SESSION = perContext(bySession);
const BY_COOKIE = perContext(byCookie);
const BY_KEY: Record<ApiKeyKind, Record<WorkspaceCase, Statement>> = {
  pat: perWorkspaceCase(byPersonalToken),
  service: perWorkspaceCase(byServiceKey),
};

/**
 * Recognises a caller with one prepared statement. A read model over users, members, orgs, workspaces and roles:
 * this is the highest of these modules, and it only reads.
 */
@Injectable()
export class PrincipalsRepository {
  constructor(private readonly sql: Sql) {}

  findBySession(sessionId: string, requested: RequestedContext): Promise<CredentialRow | null> {
    const statement = BY_SESSION[orgCase(requested)][workspaceCase(requested)];
    return this.sql.row(statement, [sessionId, ...namedIds(requested)]);
  }

  findByCookie(digest: Buffer, requested: RequestedContext): Promise<CookieRow | null> {
    const statement = BY_COOKIE[orgCase(requested)][workspaceCase(requested)];
    return this.sql.row(statement, [digest, ...namedIds(requested)]);
  }

  /** The organization is the key's; whether another one was named is for the caller to compare. */
  findByKey(kind: ApiKeyKind, digest: Buffer, requested: RequestedContext): Promise<CredentialRow | null> {
    const named = requested.workspaceId ? [requested.workspaceId] : [];
    return this.sql.row(BY_KEY[kind][workspaceCase(requested)], [digest, ...named]);
  }
}

const orgCase = ({ orgId }: RequestedContext): OrgCase => (orgId ? 'named' : 'derived');

const namedIds = ({ orgId, workspaceId }: RequestedContext): string[] =>
  [orgId, workspaceId].filter((id) => id !== null);

const workspaceCase = ({ workspaceId, needsWorkspace }: RequestedContext): WorkspaceCase =>
  workspaceId ? 'named' : needsWorkspace ? 'derived' : 'none';
