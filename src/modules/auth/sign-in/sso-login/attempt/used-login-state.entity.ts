import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A state that has been used; kept until it would have expired. */
@Entity('used_login_states')
@Index('used_login_states_by_expiry', ['expiresAt'])
export class UsedLoginState {
  /** SHA-256 of the state, which is a secret of the browser. */
  @PrimaryColumn('bytea') digest: Buffer;
  @Column('timestamptz') expiresAt: Date;
}
