import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/**
 * A mail with a link that has been asked for, due until it is handed to the mail server. Written for every address, so
 * that the request does not show whether there is an account (docs/contract/passwords.md#forgotten-passwords).
 */
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
