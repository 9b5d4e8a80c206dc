import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** The newest sending of an invitation: due until it was handed over to the mail server. A resend takes its place. */
@Entity('invitation_mails')
@Unique('invitation_mails_job_id_key', ['jobId'])
export class InvitationMail {
  @PrimaryColumn('uuid') @ForeignKey('Invitation', { onDelete: 'CASCADE' }) invitationId: string;
  @Column('uuid') jobId: string;
  @Column('timestamptz', { nullable: true }) handedOverAt: Date | null;
}
