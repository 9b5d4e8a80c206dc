import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

// Tables in which servers of 0.6.x queue mails. A migration of 0.8.0 drops them.

/** A mail about a request, to somebody who may decide it or to the requester. The id is that of its job. */
@Entity('access_request_mails')
@Index('access_request_mails_by_request', ['requestId'])
@Index('access_request_mails_by_recipient', ['orgId', 'userId'])
@Index('access_request_mails_by_age', ['createdAt'])
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
export class AccessRequestMail {
  @PrimaryColumn('uuid') id: string;
  @ForeignKey('AccessRequest', { onDelete: 'CASCADE' }) @Column('uuid') requestId: string;
  @Column('uuid') orgId: string;
  @Column('uuid') userId: string;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) handedOverAt: Date | null;
}

/** A mail that tells a member which keys and tokens expire, or which memberships end, soon. The id is that of its job. */
@Entity('expiry_mails')
@Index('expiry_mails_by_recipient', ['orgId', 'userId'])
@Index('expiry_mails_by_age', ['createdAt'])
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
export class ExpiryMail {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') orgId: string;
  @Column('uuid') userId: string;
  /** Or of memberships. */
  @Column('uuid', { array: true }) credentialIds: string[];
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) handedOverAt: Date | null;
}

/** The latest mail of an invitation, due until it is handed to the mail server. A resend replaces it. */
@Entity('invitation_mails')
@Unique('invitation_mails_job_id_key', ['jobId'])
export class InvitationMail {
  @PrimaryColumn('uuid') @ForeignKey('Invitation', { onDelete: 'CASCADE' }) invitationId: string;
  @Column('uuid') jobId: string;
  @Column('timestamptz', { nullable: true }) handedOverAt: Date | null;
  /** For good, with the code of the reply; of no meaning once it was handed over. */
  @Column('timestamptz', { nullable: true }) refusedAt: Date | null;
  @Column('text', { nullable: true }) refusalCode: string | null;
}

/** Written for every address, whether it has an account or not (docs/contract/passwords.md#forgotten-passwords). */
@Entity('password_mails')
@Index('password_mails_by_age', ['createdAt'])
export class PasswordMail {
  /** That of the job, too. */
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  /** The organization whose admin made the account; null: the password is forgotten. */
  @Index() @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) orgId:
    string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { nullable: true }) handedOverAt: Date | null;
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
