import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** That the expiry of a key or token, or the end of a membership, was told: one row for each number of days before it. */
@Entity('expiry_notices')
@Index('expiry_notices_by_expiry', ['expiresAt'])
export class ExpiryNotice {
  /**
   * Of an API key, SCIM token, membership or role of a user group, which may be deleted since. A membership in a user group has
   * no id: its is made from those of the group and the user.
   */
  @PrimaryColumn('uuid') credentialId: string;
  @PrimaryColumn('smallint') daysBefore: number;
  /** That was told. If that of the key or token becomes later, or the end another, it is told again. */
  @Column('timestamptz') expiresAt: Date;
  /** False: without a mail, since there was no mail server. */
  @Column('boolean', { default: true }) isMailed: boolean;
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
