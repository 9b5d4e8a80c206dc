import { Injectable } from '@nestjs/common';
import type { EmailProof, LoginMethod } from './login-method.entity.js';
import { LoginMethodsRepository } from './login-methods.repository.js';

/** A login at an identity provider. */
export type OutsideLogin = { readonly issuer: string; readonly subject: string };

/** How people sign in. Callers open the transaction, and have proved what they say. */
@Injectable()
export class LoginMethodsService {
  constructor(private readonly logins: LoginMethodsRepository) {}

  find({ issuer, subject }: OutsideLogin): Promise<LoginMethod | null> {
    return this.logins.findByIssuerAndSubject(issuer, subject);
  }

  /** Oldest first. */
  listOf(userId: string): Promise<LoginMethod[]> {
    return this.logins.listOf(userId);
  }

  /** Throws LoginBelongsToSomebody. */
  add(
    userId: string,
    login: OutsideLogin,
    provisioningMethod: LoginMethod['provisioningMethod'] = null,
  ): Promise<void> {
    return this.logins.insertOutside({ userId, ...login, provisioningMethod });
  }

  /** From now on the person signs in with this login of a provider, and with no other. Throws LoginBelongsToSomebody. */
  async rebind(userId: string, login: OutsideLogin): Promise<void> {
    await this.logins.removeOutside(userId);
    await this.logins.insertOutside({ userId, ...login, provisioningMethod: null });
  }

  /** The login that SCIM had given for this provider is this one now. Throws LoginBelongsToSomebody. */
  async moveProvisioned(userId: string, login: OutsideLogin): Promise<void> {
    await this.logins.removeProvisioned(userId, login.issuer, 'scim');
    await this.logins.insertOutside({ userId, ...login, provisioningMethod: 'scim' });
  }

  /** The person has proved that the address of his account is his. */
  confirmEmail(userId: string, by: EmailProof): Promise<void> {
    return this.logins.confirmEmail(userId, by);
  }

  /** The provider has taken its word back; a link that was followed stays a proof. */
  doubtProvider(userId: string): Promise<void> {
    return this.logins.doubtEmail(userId, ['provider']);
  }

  /** The account has another address now, of which nothing is proved yet. */
  forgetProofs(userId: string): Promise<void> {
    return this.logins.doubtEmail(userId, ['provider', 'mail']);
  }

  /**
   * Whether the address of the account can be relied on: its owner has proved it, or an admin has made the account for
   * it, with a password (decision 26; docs/decisions/0006).
   */
  async emailIsVouchedFor(userId: string): Promise<boolean> {
    return (await this.logins.listOf(userId)).some(vouchesForEmail);
  }

  async hasPassword(userId: string): Promise<boolean> {
    return (await this.logins.listOf(userId)).some(({ provider }) => provider === 'email');
  }
}

const vouchesForEmail = ({ provider, emailConfirmedAt }: LoginMethod) =>
  provider === 'email' || emailConfirmedAt !== null;
