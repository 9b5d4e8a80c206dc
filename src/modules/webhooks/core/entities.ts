import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CredentialOrigin } from '../../auth/api-keys/index.js';

/** A receiver of the events of an organization. How far they were sent is its row of `log_cursors`. */
@Entity('webhooks')
@Index('webhooks_by_org', ['orgId', 'id'])
@Index('webhooks_by_maker', ['creatorKeyId'], { where: `"maker_key_id" IS NOT NULL` })
@Check('webhooks_disabled_is_complete', `("disabled_at" IS NULL) = ("disabled_reason" IS NULL)`)
@Check('webhooks_disabled_reason_is_known', `"disabled_reason" IN ('admin', 'gone', 'failures')`)
@Check(
  'webhooks_previous_secret_is_complete',
  `("previous_secret" IS NULL) = ("previous_secret_expires_at" IS NULL)`,
)
@Check(
  'webhooks_created_with_kind_is_known',
  `"created_with_kind" IN ('session', 'personal-access-token', 'service-key')`,
)
@Check('webhooks_created_with_is_complete', `("created_with_kind" IS NULL) = ("created_with_id" IS NULL)`)
export class Webhook {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid') orgId: string;
  @Column('text') url: string;
  @Column('text') description: string;
  /** Null: all but those that are only sent by name. */
  @Column('text', { array: true, nullable: true }) types: string[] | null;
  @Column('timestamptz', { nullable: true }) disabledAt: Date | null;
  @Column('text', { nullable: true }) disabledReason: 'admin' | 'gone' | 'failures' | null;
  /** Nothing is sent before: the receiver has asked for a pause. */
  @Column('timestamptz', { nullable: true }) pausedUntil: Date | null;
  /** Encrypted (`WebhookSecrets`), since requests are signed with it. */
  @Column('text') secret: string;
  @Column('text') publicKey: string;
  /** Signs beside the secret until it expires. */
  @Column('text', { nullable: true }) previousSecret: string | null;
  @Column('timestamptz', { nullable: true }) previousSecretExpiresAt: Date | null;
  /** The user who created it, directly or with a key. */
  @Column('uuid', { nullable: true }) createdByUserId: string | null;
  /** The credential with which it was created, as of `ApiKey`. */
  @Column('text', { nullable: true }) createdWithKind: CredentialOrigin['createdWithKind'];
  @Column('uuid', { nullable: true }) createdWithId: string | null;
  @Column('uuid', { name: 'maker_key_id', nullable: true }) creatorKeyId: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
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

/** A mail that tells an admin that a webhook was disabled. The id is that of its job. */
@Entity('webhook_mails')
@Index('webhook_mails_by_webhook', ['webhookId'])
@Index('webhook_mails_by_recipient', ['orgId', 'userId'])
@Index('webhook_mails_by_age', ['createdAt'])
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
export class WebhookMail {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('Webhook', { onDelete: 'CASCADE' }) @Column('uuid') webhookId: string;
  @Column('uuid') orgId: string;
  @Column('uuid') userId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) handedOverAt: Date | null;
}
