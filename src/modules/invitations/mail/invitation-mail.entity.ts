import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** The latest mail of an invitation, due until it is handed to the mail server. A resend replaces it. */
@Entity('invitation_mails')
@Unique('invitation_mails_job_id_key', ['jobId'])
export class InvitationMail {
  @PrimaryColumn('uuid') @ForeignKey('Invitation', { onDelete: 'CASCADE' }) invitationId: string;
  @Column('uuid') jobId: string;
  @Column('timestamptz', { nullable: true }) handedOverAt: Date | null;
}
