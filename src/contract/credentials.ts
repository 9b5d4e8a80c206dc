import {
  Flag,
  Instant,
  Integer,
  ListOf,
  Nested,
  NULLISH,
  OneOf,
  Text,
  TextList,
  Uuid,
  UuidList,
} from '../common/http/operations/fields.decorator.js';
import { CreatedBy } from './api-keys.js';
import { ACCESS_SCOPES, type AccessScope } from './enums.js';
import { PageOf } from './lists.js';

/*
 * Not part of the published API: service keys, personal access tokens, grants of applications and SCIM tokens in one list
 * (docs/contract/keys.md#all-credentials).
 */

const CREDENTIAL_KINDS = ['service_key', 'personal_access_token', 'application', 'scim_token'] as const;
export type CredentialKindName = (typeof CREDENTIAL_KINDS)[number];

const MAX_DAYS = 36_500;
const MOST_REVOKED = 1000;

export class CredentialFilter {
  @OneOf(CREDENTIAL_KINDS, 'CredentialKind', {
    optional: true,
    description: 'Kinds other than `service_key` are for Organization Admins.',
  })
  kind?: CredentialKindName;
  @Uuid({ optional: true, description: 'The user id of the owner: see `owner` of the credentials.' })
  owner?: string;
  @Integer({
    optional: true,
    minimum: 1,
    maximum: MAX_DAYS,
    description: 'Not used for so many days, or since it was created. Sorted by last use, the oldest first.',
  })
  unused_for_days?: number;
  @Instant({
    optional: true,
    description: 'Those that expire before this time. Sorted by expiry, the soonest first.',
  })
  ends_before?: string;
  @Flag({ optional: true }) owner_gone?: boolean;
  @Flag({ optional: true }) never_used?: boolean;
  @Flag({ optional: true }) never_expires?: boolean;
  @OneOf(['weaker', 'unknown'], 'TokenSignIn', {
    optional: true,
    description:
      'Personal access tokens whose owner had not signed in, when they were created, as the organization requires; or of which that is unknown.',
  })
  sign_in?: 'weaker' | 'unknown';
}

/** What keeps working when the organization requires more of sign-ins. */
export class WeakerSignIns {
  @Integer({
    description: 'Valid sessions of members, which have to sign in again to act in the organization.',
  })
  sessions: number;
  @Integer({ description: 'Valid tokens that were created with weaker sign-ins. They are accepted.' })
  personal_access_tokens: number;
  @Integer({ description: 'Valid tokens of which the sign-in is not known. They are accepted.' })
  personal_access_tokens_of_unknown_sign_in: number;
}

export class CredentialsQuery extends CredentialFilter {
  @Integer({ default: 20, minimum: 1, maximum: 100 }) limit: number;
  @Text({ optional: true, description: 'The next_cursor of the page before.' }) cursor?: string;
}

export class CredentialOwner {
  @Uuid() ls_user_id: string;
  @Uuid({ nullable: true, description: 'Of the membership; null if the user is no longer a member.' })
  identity_id: string | null;
  @Text({ nullable: true, description: 'Null if the user is no longer a member.' }) email: string | null;
}

export class Credential extends CreatedBy {
  @Uuid() id: string;
  @OneOf(CREDENTIAL_KINDS, 'CredentialKind') kind: CredentialKindName;
  @Text({ description: 'Of an application, its client id.' }) short_key: string;
  @Text() description: string;
  @Nested(() => CredentialOwner, {
    nullable: true,
    description:
      'The user for whom a personal access token or application acts, or who created a service key or SCIM token. Null if unknown.',
  })
  owner: CredentialOwner | null;
  @OneOf(ACCESS_SCOPES, 'AccessScope', {
    nullable: true,
    description: 'What a service key covers. Tokens and applications reach what their owner does.',
  })
  access_scope: AccessScope | null;
  @TextList({ nullable: true, description: 'Of a service key that is limited to workspaces.' })
  workspace_names: string[] | null;
  @Uuid({ ...NULLISH, description: 'The role of a service key in workspaces.' }) role_id?: string | null;
  @Uuid({ ...NULLISH, description: 'The role of a service key in the organization.' })
  org_role_id?: string | null;
  @Instant() created_at: string;
  @Instant({ nullable: true }) last_used_at: string | null;
  @Instant({ nullable: true }) expires_at: string | null;
  @Flag({
    description:
      'The user who created a service key or SCIM token is disabled or no longer a member, and it still works.',
  })
  owner_gone: boolean;
  @Flag({
    nullable: true,
    description: 'It allows more than the user who created it may do. Null if that user is unknown.',
  })
  exceeds_creator: boolean | null;
  @Flag() never_used: boolean;
  @Flag() never_expires: boolean;
}

export class CredentialPage extends PageOf(Credential) {}

export class RevokeCredentialsRequest {
  @UuidList({ optional: true, minSize: 1, maxSize: MOST_REVOKED }) ids?: string[];
  @Nested(() => CredentialFilter, {
    optional: true,
    description:
      `In place of \`ids\`: the first ${MOST_REVOKED} credentials of the list with this filter, which has at least one ` +
      'field. Never the credential of the request.',
  })
  filter?: CredentialFilter;
  @Flag({ default: true, description: 'Only says what would be revoked.' }) dry_run: boolean;
  @Integer({
    optional: true,
    minimum: 0,
    description: 'Required to revoke: the `count` that the dry run returned.',
  })
  expected_count?: number;
}

export class RevokedCredential {
  @Uuid() id: string;
  @OneOf(CREDENTIAL_KINDS, 'CredentialKind') kind: CredentialKindName;
  @Text() short_key: string;
  @Text() description: string;
}

export class RefusedCredential {
  @Uuid() id: string;
  @Text({ description: 'An error code.' }) code: string;
  @Text() message: string;
}

export class RevokeCredentialsResponse {
  @Flag() dry_run: boolean;
  @Integer({ description: 'The number of `credentials`.' }) count: number;
  @ListOf(() => RevokedCredential, { description: 'What is revoked or, in a dry run, would be.' })
  credentials: RevokedCredential[];
  @ListOf(() => RefusedCredential, { description: 'What stays, and why. The others are revoked.' })
  refused: RefusedCredential[];
  @Integer({
    description: 'Further personal access tokens that end with the tokens with which they were created.',
  })
  further_tokens: number;
  @Flag({ description: 'More credentials match the filter: repeat the request for the next ones.' })
  has_more: boolean;
}
