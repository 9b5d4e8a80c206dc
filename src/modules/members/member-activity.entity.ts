import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A member without a row has not been active since activity is stored (docs/contract/members.md#last-activity). */
@Entity('member_activity')
export class MemberActivity {
  @PrimaryColumn('uuid') @ForeignKey('OrgMembership', { onDelete: 'CASCADE' }) membershipId: string;
  @Column('timestamptz') lastActiveAt: Date;
}
