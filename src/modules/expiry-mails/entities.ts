import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** That the expiry of a key or token, or the end of a membership, was told: one row for each number of days before it. */
@Entity('expiry_announcements')
@Index('expiry_announcements_by_expiry', ['expiresAt'])
export class ExpiryAnnouncement {
  /** Of an API key, SCIM token, membership or role of a user group; of a membership in a group: group, slash and user. */
  @PrimaryColumn('text') subject: string;
  @PrimaryColumn('smallint') daysBefore: number;
  /** The expiry that was told. */
  @Column('timestamptz') expiresAt: Date;
  /** False: without a mail, since there was no mail server. */
  @Column('boolean') isMailed: boolean;
}
