import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A person's password, as an argon2id digest. */
@Entity('passwords')
export class Password {
  @PrimaryColumn('uuid') @ForeignKey('User', { onDelete: 'CASCADE' }) userId: string;
  @Column('text') digest: string;
  @Column('timestamptz', { default: () => 'now()' }) updatedAt: Date;
}
