import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A sign-in that has come back from the provider, remembered until it would have expired anyway. */
@Entity('used_login_states')
@Index('used_login_states_by_expiry', ['expiresAt'])
export class UsedLoginState {
  /** Of the state, which is a secret of the browser. */
  @PrimaryColumn('bytea') digest: Buffer;
  @Column('timestamptz') expiresAt: Date;
}
