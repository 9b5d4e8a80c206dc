import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

export type MailState = 'queued' | 'sent' | 'refused' | 'abandoned';

/** A mail that is due, or what became of it (docs/decisions/0123-one-outbox-for-mails.md). */
@Entity('mails')
@Unique('mails_one_per_invitation', ['invitationId'])
@Index('mails_by_due', ['kind', 'dueAt'], { where: `"state" = 'queued'` })
@Index('mails_by_recipient', ['orgId', 'userId'])
@Index('mails_by_age', ['createdAt'], { where: `"invitation_id" IS NULL` })
@ForeignKey('OrgMembership', ['orgId', 'userId'], ['orgId', 'userId'], { onDelete: 'CASCADE' })
@Check('mails_state_is_known', `"state" IN ('queued', 'sent', 'refused', 'abandoned')`)
@Check('mails_settled_is_complete', `("state" = 'queued') = ("settled_at" IS NULL)`)
export class Mail {
  /** Of this sending: the Message-ID. */
  @PrimaryColumn('uuid') id: string;
  /** Of `MailKind`. */
  @Column('text') kind: string;
  @ForeignKey('Org', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) orgId: string | null;
  /** The member who gets it. Null: it goes to `email`, or to the address of the invitation. */
  @Column('uuid', { nullable: true }) userId: string | null;
  @Column('text', { nullable: true }) email: string | null;
  /** Another sending of an invitation replaces its mail. */
  @ForeignKey('Invitation', { onDelete: 'CASCADE' }) @Column('uuid', { nullable: true }) invitationId:
    string | null;
  /** Ids of what it is about; of a membership in a user group those of group and user, with a slash. */
  @Column('text', { array: true, default: '{}' }) about: string[];
  /** Abandoned: it was no longer true when it could be sent, or all attempts have failed. */
  @Column('text', { default: 'queued' }) state: MailState;
  /** The next attempt. While a process sends it, the time at which another one may. */
  @Column('timestamptz', { default: () => 'now()' }) dueAt: Date;
  /** That have begun. */
  @Column('smallint', { default: 0 }) attempts: number;
  /** When it was handed to the mail server, refused or abandoned. */
  @Column('timestamptz', { nullable: true }) settledAt: Date | null;
  /** Of the reply with which the mail server refused it for good. */
  @Column('text', { nullable: true }) code: string | null;
  /** Of the request that wants it. */
  @Column('text', { nullable: true }) traceparent: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
}
