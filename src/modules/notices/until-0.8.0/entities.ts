import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

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
