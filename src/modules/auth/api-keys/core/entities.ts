import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { CredentialKind, SessionMethod } from '../../../../common/access/principal.js';

/**
 * An API key, stored as a digest. A personal access token acts with the current roles of its owner and is deleted with
 * their membership; a service key acts with its own two roles.
 */
@Entity('api_keys')
@Unique('api_keys_digest_key', ['digest'])
@Index('api_keys_previous_digest_key', ['previousDigest'], {
  unique: true,
  where: `"previous_digest" IS NOT NULL`,
})
@Check('api_keys_previous_secret_is_complete', `("previous_digest" IS NULL) = ("previous_ends_at" IS NULL)`)
@Check('api_keys_previous_secret_is_another', `"previous_digest" <> "digest"`)
@Unique('api_keys_id_org_id_key', ['id', 'orgId'])
@Index('api_keys_by_age', ['orgId', 'kind', 'createdAt'])
@Index('api_keys_by_expiry', ['expiresAt'], { where: `"expires_at" IS NOT NULL` })
@Index('api_keys_by_creator', ['orgId', 'createdByUserId', 'createdAt', 'id'], {
  where: `"kind" = 'service'`,
})
@Index('api_keys_by_last_use', ['orgId', 'kind', 'lastUsedAt', 'createdAt', 'id'], {
  where: `"revoked_at" IS NULL`,
})
@Index('api_keys_by_end', ['orgId', 'kind', 'expiresAt', 'createdAt', 'id'], {
  where: `"revoked_at" IS NULL`,
})
@Index('api_keys_by_owner', ['orgId', 'userId'])
@Index('api_keys_by_maker', ['creatorKeyId'], { where: `"maker_key_id" IS NOT NULL` })
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@Check('api_keys_sign_in_method_is_known', `"sign_in_method" IN ('password', 'sso', 'break-glass')`)
@Check('api_keys_kind_is_known', `"kind" IN ('pat', 'service')`)
@Check(
  'api_keys_created_with_kind_is_known',
  `"created_with_kind" IN ('session', 'personal-access-token', 'service-key')`,
)
@Check('api_keys_created_with_is_complete', `("created_with_kind" IS NULL) = ("created_with_id" IS NULL)`)
@Check('api_keys_tokens_have_an_owner', `("kind" = 'pat') = ("user_id" IS NOT NULL)`)
@Check('api_keys_service_keys_have_a_role', `("kind" = 'service') = ("workspace_role_id" IS NOT NULL)`)
@Check(
  'api_keys_tokens_alone_are_revoked_and_have_parents',
  `"kind" = 'pat' OR ("revoked_at" IS NULL AND "parent_key_id" IS NULL)`,
)
@Check(
  'api_keys_org_wide_keys_have_an_org_role',
  `"org_role_id" IS NULL OR ("kind" = 'service' AND "is_org_wide")`,
)
export class ApiKey {
  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: 'pat' | 'service';
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('bytea') digest: Buffer;
  @Column('text') shortKey: string;
  @Column('text') description: string;
  @Column('boolean', { default: false }) readOnly: boolean;
  /** The owner of a personal access token; null for a service key. */
  @Column('uuid', { nullable: true }) userId: string | null;
  /** The service key covers all workspaces, including future ones; otherwise `api_key_workspaces` lists them. */
  @Column('boolean', { default: false }) isOrgWide: boolean;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid', { nullable: true }) orgRoleId:
    string | null;
  @Index() @ForeignKey('Role', { onDelete: 'RESTRICT' }) @Column('uuid', { nullable: true }) workspaceRoleId:
    string | null;
  @Index()
  @ForeignKey('Workspace', { onDelete: 'SET NULL' })
  @Column('uuid', { nullable: true })
  defaultWorkspaceId: string | null;
  /** The token with which this token was created and with which it ends. */
  @Index() @ForeignKey('ApiKey', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) parentKeyId:
    string | null;
  /** The user who created the key, directly or with another key. */
  @Column('uuid', { nullable: true }) createdByUserId: string | null;
  /** The credential with which it was created, which may be deleted; null if unknown, or if the operator did. */
  @Column('text', { nullable: true }) createdWithKind: Exclude<
    CredentialKind,
    'scim-token' | 'application'
  > | null;
  @Column('uuid', { nullable: true }) createdWithId: string | null;
  /** The key or token with which it was created; once that is deleted, a trigger sets the one with which that was created. */
  @Column('uuid', { name: 'maker_key_id', nullable: true }) creatorKeyId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null;
  /** When the rights end with which a service key was created (docs/contract/members.md#what-a-caller-whose-access-ends-gives); null: never. */
  @Column('timestamptz', { nullable: true }) rightsEndAt: Date | null;
  /** Of the session with which a token was created; null: unknown. The next three are from the ID token of that sign-in. */
  @Column('text', { nullable: true }) signInMethod: SessionMethod | null;
  @Column('text', { nullable: true }) acr: string | null;
  @Column('text', { array: true, nullable: true }) amr: string[] | null;
  @Column('timestamptz', { nullable: true }) authenticatedAt: Date | null;
  /** Not accepted since then; null again after reinstatement. */
  @Column('timestamptz', { nullable: true }) revokedAt: Date | null;
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null;
  /** Of the secret before the last rotation, which is accepted until `previousEndsAt`; a trigger keeps it from other keys. */
  @Column('bytea', { nullable: true }) previousDigest: Buffer | null;
  @Column('timestamptz', { nullable: true }) previousEndsAt: Date | null;
}

/** A workspace that a service key is limited to. */
@Entity('api_key_workspaces')
@Index('api_key_workspaces_by_workspace', ['workspaceId', 'orgId'])
@ForeignKey('ApiKey', ['apiKeyId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
@ForeignKey('Workspace', ['workspaceId', 'orgId'], ['id', 'orgId'], { onDelete: 'CASCADE' })
export class ApiKeyWorkspace {
  @PrimaryColumn('uuid') apiKeyId: string;
  @PrimaryColumn('uuid') workspaceId: string;
  @Column('uuid') orgId: string;
  /** In the list of workspaces as it was given; 0 for all workspaces of keys that are older than this column. */
  @Column('integer', { default: 0 }) position: number;
}
