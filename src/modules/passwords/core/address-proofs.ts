import { Injectable } from '@nestjs/common';
import { InvalidCredential } from '../../../common/access/access.errors.js';
import type { SessionMethod } from '../../../common/access/principal.js';
import { Config } from '../../../config/config.js';
import { LoginMethodsRepository } from '../../users/index.js';
import { type AddressProof, type PasswordOrigin, proofByPassword } from './address-proof.js';
import { PasswordsRepository } from './passwords.repository.js';

type SignedIn = {
  readonly userId: string;
  readonly sessionMethod: SessionMethod | null;
  readonly credential: { readonly id: string };
};

/** docs/contract/passwords.md#what-a-password-proves, docs/contract/sign-in.md#linking-logins */
@Injectable()
export class AddressProofs {
  constructor(
    private readonly logins: LoginMethodsRepository,
    private readonly passwords: PasswordsRepository,
    private readonly config: Config,
  ) {}

  /** By organization, for a list of the user's invitations. */
  ofSession(user: SignedIn): Promise<(orgId: string) => AddressProof> {
    return this.of(user, (userIds) => this.passwords.findOrigins(userIds));
  }

  /** Holds until the transaction ends; a change of the password has ended the session. @throws InvalidCredential */
  async ofSessionLocked(user: SignedIn): Promise<(orgId: string) => AddressProof> {
    const proofFor = await this.of(user, (userIds) => this.passwords.lockOrigins(userIds));
    if (!(await this.passwords.hasSession(user.credential.id))) throw new InvalidCredential();
    return proofFor;
  }

  /** By user, for the password or provider login that this installation uses. Locks the passwords. */
  async ofAccounts(userIds: readonly string[], orgId: string): Promise<(userId: string) => AddressProof> {
    if (userIds.length === 0) return () => 'none';
    if (this.config.sso) {
      const confirmed = await this.logins.findConfirmed(userIds);
      return (userId) => (confirmed.has(userId) ? 'any-role' : 'none');
    }
    const origins = await this.passwordsOf(userIds);
    const isOnlyOne = (await this.passwords.findOnlyOrg()) === orgId;
    return (userId) => proofByPassword(origins.get(userId) ?? null, { id: orgId, isOnlyOne });
  }

  /** Origins of passwords by user; users without a password are missing. Locks the passwords. */
  passwordsOf(userIds: readonly string[]): Promise<ReadonlyMap<string, PasswordOrigin>> {
    return userIds.length === 0 ? Promise.resolve(new Map()) : this.passwords.lockOrigins(userIds);
  }

  /** The operator chose the password of a break-glass session, so it proves no address. */
  private async of(
    { userId, sessionMethod }: SignedIn,
    read: PasswordsRepository['findOrigins'],
  ): Promise<(orgId: string) => AddressProof> {
    if (sessionMethod === 'password') {
      const origin = (await read([userId])).get(userId) ?? null;
      const onlyOrg = await this.passwords.findOnlyOrg();
      return (orgId) => proofByPassword(origin, { id: orgId, isOnlyOne: orgId === onlyOrg });
    }
    const isProved = sessionMethod === 'sso' && (await this.logins.findConfirmed([userId])).has(userId);
    return () => (isProved ? 'any-role' : 'none');
  }
}
