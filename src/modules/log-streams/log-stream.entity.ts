import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CredentialOrigin } from '../auth/api-keys/index.js';

export type DisabledReason = 'admin' | 'gone';

/** A receiver of the audit log of an organization. How far it was sent is its row of `log_cursors`. */
@Entity('log_streams')
@Index('log_streams_by_org', ['orgId', 'id'])
@Index('log_streams_by_maker', ['creatorKeyId'], { where: `"maker_key_id" IS NOT NULL` })
@Check('log_streams_disabled_is_complete', `("disabled_at" IS NULL) = ("disabled_reason" IS NULL)`)
@Check('log_streams_disabled_reason_is_known', `"disabled_reason" IN ('admin', 'gone')`)
@Check('log_streams_headers_are_complete', `("header_values" IS NULL) = (cardinality("header_names") = 0)`)
@Check(
  'log_streams_created_with_kind_is_known',
  `"created_with_kind" IN ('session', 'personal-access-token', 'service-key')`,
)
@Check('log_streams_created_with_is_complete', `("created_with_kind" IS NULL) = ("created_with_id" IS NULL)`)
export class LogStream {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') url: string;
  @Column('text') description: string;
  @Column('text', { array: true }) headerNames: string[];
  /** Of each name, as JSON, encrypted (`StoredSecrets`). Null: no headers. */
  @Column('text', { nullable: true }) headerValues: string | null;
  @Column('boolean', { default: false }) includeNames: boolean;
  /** Null: enabled. */
  @Column('timestamptz', { nullable: true }) disabledAt: Date | null;
  @Column('text', { nullable: true }) disabledReason: DisabledReason | null;
  /** Entries of before were removed by retention before they were sent. */
  @Column('timestamptz', { nullable: true }) missedBefore: Date | null;
  /** Since the last request that succeeded. */
  @Column('integer', { default: 0 }) failures: number;
  @Column('timestamptz', { nullable: true }) lastAttemptAt: Date | null;
  /** As it is shown; null without a response. */
  @Column('text', { nullable: true }) lastStatus: string | null;
  @Column('text', { nullable: true }) lastCode: string | null;
  /** The user who created it, directly or with a key. */
  @Column('uuid', { nullable: true }) createdByUserId: string | null;
  /** The credential with which it was created, as of `ApiKey`. */
  @Column('text', { nullable: true }) createdWithKind: CredentialOrigin['createdWithKind'];
  @Column('uuid', { nullable: true }) createdWithId: string | null;
  @Column('uuid', { name: 'maker_key_id', nullable: true }) creatorKeyId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
