import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/**
 * A user, one in all organizations. `id` is also the API's `ls_user_id` (docs/decisions/0005); the nil UUID (RFC
 * 9562, section 5.9) is forbidden, since it stands for "no user".
 */
@Entity('users')
@Unique('users_email_key', ['email'])
@Check('users_id_is_not_nil', `"id" <> '00000000-0000-0000-0000-000000000000'`)
@Check('users_email_is_canonical', `"email" = lower(btrim("email")) AND "email" <> ''`)
export class User {
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('text', { nullable: true }) fullName: string | null;
  @Column('text', { nullable: true }) avatarUrl: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
