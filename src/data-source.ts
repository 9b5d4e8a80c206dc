import { DataSource, type DataSourceOptions } from 'typeorm';
import { typeParsers } from './database/connection/type-parsers.js';
import { clientLimits, type ConnectionLimits, NO_LIMITS } from './database/connection/connection-limits.js';
import { DatabaseClient } from './database/connection/database-client.js';
import { AccessCacheReplica, AccessChange } from './database/schema/entities.js';
import { RateWindow } from './database/rate-limits/rate-window.entity.js';
import { SnakeCaseNamingStrategy } from './database/statements/entity-columns.js';
import { AuditEntry } from './modules/audit/entries/audit-entry.entity.js';
import { AuditAnchor, AuditSeal } from './modules/audit/seals/entities.js';
import { ApiKey, ApiKeyWorkspace } from './modules/auth/api-keys/core/entities.js';
import {
  BreakGlassPassword,
  LoginNetwork,
  Password,
  PasswordLink,
  PasswordMail,
} from './modules/passwords/core/entities.js';
import { EmailConfirmation, UsedLoginState, UsedLogoutToken } from './modules/auth/sign-in/core/entities.js';
import { ServiceAccount, ServiceAccountWorkspace } from './modules/service-accounts/entities.js';
import { Session } from './modules/sessions/session.entity.js';
import { IdempotencyKey } from './modules/idempotency/idempotency-key.entity.js';
import { AppliedBootstrapItem } from './modules/instance/applied-bootstrap-item.entity.js';
import { Invitation, InvitationWorkspace } from './modules/invitations/core/entities.js';
import { InvitationMail } from './modules/invitations/mail/invitation-mail.entity.js';
import {
  Headcount,
  MemberActivity,
  OrgMembership,
  WorkspaceHeadcount,
  WorkspaceMembership,
} from './modules/members/entities.js';
import { Org } from './modules/orgs/org.entity.js';
import { AccessPolicy, AccessPolicyRole } from './modules/policies/entities.js';
import { Role, RoleRestriction } from './modules/roles/entities.js';
import { ScimGroupMember, ScimGroup } from './modules/scim/groups/entities.js';
import { ScimToken } from './modules/scim/tokens/scim-token.entity.js';
import { ScimUser } from './modules/scim/users/scim-user.entity.js';
import { OnboardingState } from './modules/settings/onboarding-state.entity.js';
import { SsoDefaultWorkspace, SsoSettings } from './modules/settings/sso/entities.js';
import { Tagging, TagKey, TagValue } from './modules/tags/entities.js';
import {
  UserGroup,
  UserGroupMember,
  UserGroupServiceAccount,
  UserGroupPolicy,
  UserGroupRole,
} from './modules/user-groups/core/entities.js';
import { LoginMethod, User } from './modules/users/entities.js';
import { DeletedWorkspace, Workspace } from './modules/workspaces/entities.js';

const entities = [
  AuditEntry,
  AuditSeal,
  AuditAnchor,
  User,
  LoginMethod,
  Role,
  RoleRestriction,
  AccessPolicy,
  AccessPolicyRole,
  OrgMembership,
  MemberActivity,
  WorkspaceMembership,
  Headcount,
  WorkspaceHeadcount,
  UserGroup,
  UserGroupMember,
  UserGroupServiceAccount,
  UserGroupRole,
  UserGroupPolicy,
  Org,
  Workspace,
  DeletedWorkspace,
  TagKey,
  TagValue,
  Tagging,
  SsoSettings,
  SsoDefaultWorkspace,
  OnboardingState,
  Invitation,
  InvitationWorkspace,
  InvitationMail,
  Session,
  LoginNetwork,
  UsedLoginState,
  UsedLogoutToken,
  Password,
  BreakGlassPassword,
  PasswordLink,
  PasswordMail,
  EmailConfirmation,
  ApiKey,
  ApiKeyWorkspace,
  ServiceAccount,
  ServiceAccountWorkspace,
  ScimToken,
  ScimUser,
  ScimGroup,
  ScimGroupMember,
  RateWindow,
  AccessChange,
  AccessCacheReplica,
  IdempotencyKey,
  AppliedBootstrapItem,
];

/** The only list of all entities, for the server, the tests and the TypeORM command line. */
const dataSourceOptions = (url: string, poolSize: number, limits: ConnectionLimits): DataSourceOptions => ({
  type: 'postgres',
  url,
  poolSize,
  entities,
  migrations: [`${import.meta.dirname}/../migrations/*.{ts,js}`],
  migrationsTransactionMode: 'each',
  namingStrategy: new SnakeCaseNamingStrategy(),
  applicationName: 'tenantry',
  uuidExtension: 'pgcrypto',
  installExtensions: false,
  extra: { types: typeParsers, Client: DatabaseClient, ...clientLimits(limits) },
});

export const createDataSource = (url: string, poolSize = 10, limits = NO_LIMITS) =>
  new DataSource(dataSourceOptions(url, poolSize, limits));
