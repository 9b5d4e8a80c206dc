import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { SessionMethod } from '../../../common/access/principal.js';

/** An application that people may give access to. The fixed ones and those of client id metadata documents have no row. */
@Entity('oauth_clients')
@Unique('oauth_clients_client_id_key', ['clientId'])
@Index('oauth_clients_by_org', ['orgId', 'createdAt', 'id'])
@Index('oauth_clients_registered_by_age', ['createdAt'], { where: `"org_id" IS NULL` })
@Check('oauth_clients_registered_ones_are_public', `"org_id" IS NOT NULL OR "secret_digest" IS NULL`)
export class OauthClient {
  @PrimaryColumn('uuid') id: string;
  @Column('text') clientId: string;
  /** Null: it has registered itself. */
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) orgId: string | null;
  /** Null: a public client. */
  @Column('bytea', { nullable: true }) secretDigest: Buffer | null;
  @Column('text') clientName: string;
  @Column('text', { nullable: true }) clientUri: string | null;
  @Column('text', { nullable: true }) logoUri: string | null;
  @Column('text', { nullable: true }) policyUri: string | null;
  @Column('text', { nullable: true }) tosUri: string | null;
  @Column('text', { array: true, default: [] }) redirectUris: string[];
  @Column('text', { array: true }) grantTypes: string[];
  @Column('text', { array: true }) allowedScopes: string[];
  @Column('boolean', { default: false }) isDisabled: boolean;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

/** The access that a person gave to an application in one organization: a credential of that person, which ends when the row is deleted. */
@Entity('oauth_grants')
@Unique('oauth_grants_org_id_user_id_client_id_key', ['orgId', 'userId', 'clientId'])
@Index('oauth_grants_by_user', ['userId', 'approvedAt', 'id'])
@Index('oauth_grants_by_age', ['orgId', 'createdAt', 'id'])
@Index('oauth_grants_by_registered_client_id', ['registeredClientId'], {
  where: `"registered_client_id" IS NOT NULL`,
})
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@Check('oauth_grants_sign_in_method_is_known', `"sign_in_method" IN ('password', 'sso', 'break-glass')`)
export class OauthGrant {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orgId: string;
  @Column('uuid') userId: string;
  @Column('text') clientId: string;
  @ForeignKey('OauthClient', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) registeredClientId:
    string | null;
  /** As it was approved; so are the next three. */
  @Column('text') clientName: string;
  @Column('text', { nullable: true }) clientUri: string | null;
  @Column('text', { nullable: true }) logoUri: string | null;
  /** Null: approved for a device. */
  @Column('text', { nullable: true }) redirectUri: string | null;
  @Column('text', { array: true }) scopes: string[];
  @Index('oauth_grants_by_default_workspace_id')
  @ForeignKey('Workspace', { onDelete: 'SET NULL' })
  @Column('uuid', { nullable: true })
  defaultWorkspaceId: string | null;
  /** Of the session in which it was approved. */
  @Column('text') signInMethod: SessionMethod;
  @Column('text', { nullable: true }) acr: string | null;
  @Column('text', { array: true, nullable: true }) amr: string[] | null;
  @Column('timestamptz', { nullable: true }) authenticatedAt: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) approvedAt: Date;
  @Index('oauth_grants_by_expiry') @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
}

/** The models of the library that have rows here. */
export type ArtifactKind = 'AuthorizationCode' | 'DeviceCode' | 'RefreshToken' | 'AccessToken';

/** A code or token, found by a keyed digest. It is as good as its grant, from which nothing is copied. */
@Entity('oauth_artifacts')
@Check(
  'oauth_artifacts_kind_is_known',
  `"kind" IN ('AuthorizationCode', 'DeviceCode', 'RefreshToken', 'AccessToken')`,
)
@Check(
  'oauth_artifacts_device_codes_alone_wait_for_a_grant',
  `"grant_id" IS NOT NULL OR "kind" = 'DeviceCode'`,
)
@Check(
  'oauth_artifacts_device_codes_have_user_codes',
  `("kind" = 'DeviceCode') = ("user_code_digest" IS NOT NULL)`,
)
@Index('oauth_artifacts_user_code_digest_key', ['userCodeDigest'], {
  unique: true,
  where: `"user_code_digest" IS NOT NULL`,
})
export class OauthArtifact {
  @PrimaryColumn('bytea') digest: Buffer;
  @Column('text') kind: ArtifactKind;
  @Column('text') clientId: string;
  @Index('oauth_artifacts_by_grant')
  @ForeignKey('OauthGrant', { onDelete: 'CASCADE' })
  @Column('uuid', { nullable: true })
  grantId: string | null;
  @Column('bytea', { nullable: true }) userCodeDigest: Buffer | null;
  /** What the library stores, without the code or token and without the user code. */
  @Column('jsonb') content: Record<string, unknown>;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Index('oauth_artifacts_by_expiry') @Column('timestamptz') expiresAt: Date;
  @Column('timestamptz', { nullable: true }) consumedAt: Date | null;
  /** When the client last asked for the tokens of a device code. */
  @Column('timestamptz', { nullable: true }) polledAt: Date | null;
}

/** A key that signs ID tokens. The newest one of its algorithm that may sign does. */
@Entity('oauth_signing_keys')
@Check('oauth_signing_keys_alg_is_known', `"alg" IN ('RS256', 'EdDSA')`)
export class OauthSigningKey {
  @PrimaryColumn('text') kid: string;
  @Column('text') alg: 'RS256' | 'EdDSA';
  /** A JWK (RFC 7517). */
  @Column('jsonb') publicKey: Record<string, unknown>;
  /** A JWK, encrypted (`SecretBox`). */
  @Column('text') privateKey: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz') signsFrom: Date;
}
