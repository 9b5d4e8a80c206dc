import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A person, over all organizations. `id` is also the wire's `ls_user_id` (docs/decisions/0005). */
@Entity('users')
@Unique('users_email_key', ['email'])
@Check('users_email_is_canonical', `"email" = lower(btrim("email")) AND "email" <> ''`)
export class User {
  @PrimaryColumn('uuid') id: string;
  @Column('text') email: string;
  @Column('text', { nullable: true }) fullName: string | null;
  @Column('text', { nullable: true }) avatarUrl: string | null;
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
