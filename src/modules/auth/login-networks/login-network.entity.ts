import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/**
 * A network, or a network together with an e-mail address, from which a login succeeded. The key is a keyed digest, so
 * that the table tells neither where somebody was nor who.
 */
@Entity('login_networks')
@Index('login_networks_by_success', ['lastSuccessAt'])
export class LoginNetwork {
  @PrimaryColumn('bytea') key: Buffer;
  @Column('timestamptz') lastSuccessAt: Date;
}
