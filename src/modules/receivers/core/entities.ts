import { applyDecorators } from '@nestjs/common';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CredentialOrigin } from '../../auth/api-keys/index.js';

export type ReceiverKindName = 'webhook' | 'log_stream';

/** An address of an organization. How far the audit log was sent to it is its row of `log_cursors`. */
export abstract class Receiver {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') url: string;
  @Column('text') description: string;
  /** Null: enabled. */
  @Column('timestamptz', { nullable: true }) disabledAt: Date | null;
  @Column('text', { nullable: true }) disabledReason: 'admin' | 'gone' | 'failures' | null;
  /** The user who created it, directly or with a key. */
  @Column('uuid', { nullable: true }) createdByUserId: string | null;
  /** The credential with which it was created, as of `ApiKey`. */
  @Column('text', { nullable: true }) createdWithKind: CredentialOrigin['createdWithKind'];
  @Column('uuid', { nullable: true }) createdWithId: string | null;
  @Column('uuid', { name: 'maker_key_id', nullable: true }) creatorKeyId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}

/** What holds for the table of each kind. */
const rulesOf = (table: string, reasons: string) =>
  applyDecorators(
    Index(`${table}_by_org`, ['orgId', 'id']),
    Index(`${table}_by_maker`, ['creatorKeyId'], { where: `"maker_key_id" IS NOT NULL` }),
    Check(`${table}_disabled_is_complete`, `("disabled_at" IS NULL) = ("disabled_reason" IS NULL)`),
    Check(`${table}_disabled_reason_is_known`, `"disabled_reason" IN (${reasons})`),
    Check(
      `${table}_created_with_kind_is_known`,
      `"created_with_kind" IN ('session', 'personal-access-token', 'service-key')`,
    ),
    Check(`${table}_created_with_is_complete`, `("created_with_kind" IS NULL) = ("created_with_id" IS NULL)`),
  );

/** Gets events, signed one by one. */
@Entity('webhooks')
@rulesOf('webhooks', `'admin', 'gone', 'failures'`)
@Check(
  'webhooks_previous_secret_is_complete',
  `("previous_secret" IS NULL) = ("previous_secret_expires_at" IS NULL)`,
)
export class Webhook extends Receiver {
  /** Null: all but those that are only sent by name. */
  @Column('text', { array: true, nullable: true }) types: string[] | null;
  /** Nothing is sent before: the receiver has asked for a pause. */
  @Column('timestamptz', { nullable: true }) pausedUntil: Date | null;
  /** Encrypted (`WebhookSecrets`), since requests are signed with it. */
  @Column('text') secret: string;
  @Column('text') publicKey: string;
  /** Signs beside the secret until it expires. */
  @Column('text', { nullable: true }) previousSecret: string | null;
  @Column('timestamptz', { nullable: true }) previousSecretExpiresAt: Date | null;
}

/** Gets the audit log, in batches. */
@Entity('log_streams')
@rulesOf('log_streams', `'admin', 'gone'`)
@Check('log_streams_headers_are_complete', `("header_values" IS NULL) = (cardinality("header_names") = 0)`)
export class LogStream extends Receiver {
  declare disabledReason: 'admin' | 'gone' | null;
  @Column('text', { array: true }) headerNames: string[];
  /** Of each name, as JSON, encrypted. Null: no headers. */
  @Column('text', { nullable: true }) headerValues: string | null;
  @Column('boolean', { default: false }) includeNames: boolean;
  /** Entries of before were removed by retention before they were sent. */
  @Column('timestamptz', { nullable: true }) missedBefore: Date | null;
  /** Since the last request that succeeded. */
  @Column('integer', { default: 0 }) failures: number;
  @Column('timestamptz', { nullable: true }) lastAttemptAt: Date | null;
  /** As it is shown; null without a response. */
  @Column('text', { nullable: true }) lastStatus: string | null;
  @Column('text', { nullable: true }) lastCode: string | null;
}

/** How far the audit log of an organization was sent to a receiver. */
@Entity('log_cursors')
@Check('log_cursors_kind_check', `"kind" in ('webhook', 'log_stream')`)
@Index('log_cursors_by_due', ['kind', 'dueAt'])
@Index('log_cursors_by_org', ['orgId'])
export class LogCursor {
  /** Of the receiver. */
  @PrimaryColumn('uuid') id: string;
  @Column('text') kind: ReceiverKindName;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  /** Of the last entry that is dealt with; a bigint, so a string of digits. */
  @Column('bigint') position: string;
  /** Not claimed before: the end of a claim, or of a pause. `infinity`: disabled. */
  @Column('timestamptz', { default: () => 'now()' }) dueAt: Date;
  /** Of the process that sends at present. Another claim ends this one. */
  @Column('uuid', { nullable: true }) claimId: string | null;
}

/** An event that has not arrived at a webhook. The event itself follows from its audit entry. */
@Entity('webhook_deliveries')
@Index('webhook_deliveries_by_due', ['webhookId', 'nextAttemptAt'], {
  where: `"next_attempt_at" IS NOT NULL`,
})
@Index('webhook_deliveries_by_age', ['createdAt'])
export class WebhookDelivery {
  @ForeignKey('Webhook', { onDelete: 'CASCADE' }) @PrimaryColumn('uuid') webhookId: string;
  @PrimaryColumn('text') eventId: string;
  /** Of the audit entry; a bigint, so a string of digits. */
  @Column('bigint') position: string;
  /** That failed. */
  @Column('smallint') attempts: number;
  /** Null: given up. While a process sends it, a time at which another one may do it again. */
  @Column('timestamptz', { nullable: true }) nextAttemptAt: Date | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}

/** One request to a webhook, of the last 1,000. */
@Entity('webhook_attempts')
@Index('webhook_attempts_by_webhook', ['webhookId', 'attemptedAt', 'id'])
@Index('webhook_attempts_by_age', ['attemptedAt'])
export class WebhookAttempt {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Webhook', { onDelete: 'CASCADE' }) @Column('uuid') webhookId: string;
  @Column('text') eventId: string;
  @Column('text') eventType: string;
  /** 0: a test. */
  @Column('smallint') attempt: number;
  @Column('timestamptz') attemptedAt: Date;
  @Column('integer') durationMs: number;
  @Column('boolean') succeeded: boolean;
  /** As it is shown; null without a response. */
  @Column('text', { nullable: true }) status: string | null;
  @Column('text', { nullable: true }) code: string | null;
  @Column('text', { nullable: true }) response: string | null;
}
