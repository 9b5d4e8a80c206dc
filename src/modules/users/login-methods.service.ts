import { Injectable } from '@nestjs/common';
import type { EmailVerification, LoginMethod } from './login-method.entity.js';
import { LoginMethodsRepository } from './login-methods.repository.js';

/** A login at an identity provider. */
export type ExternalLogin = { readonly issuer: string; readonly subject: string };

/** How people sign in. Callers open the transaction, and have proved what they say. */
@Injectable()
export class LoginMethodsService {
  constructor(private readonly logins: LoginMethodsRepository) {}

  find({ issuer, subject }: ExternalLogin): Promise<LoginMethod | null> {
    return this.logins.findByIssuerAndSubject(issuer, subject);
  }

  /** Oldest first. */
  listByUser(userId: string): Promise<LoginMethod[]> {
    return this.logins.listByUser(userId);
  }

  /** The logins at providers that these people have. */
  async listExternal(userIds: readonly string[]): Promise<(ExternalLogin & { readonly userId: string })[]> {
    return userIds.length === 0 ? [] : this.logins.listExternal(userIds);
  }

  /** Throws LoginAlreadyInUse. */
  add(userId: string, login: ExternalLogin): Promise<void> {
    return this.logins.insertExternal([{ userId, ...login, provisioningMethod: null }]);
  }

  /** From now on the person signs in with this login of a provider, and with no other. Throws LoginAlreadyInUse. */
  async rebind(userId: string, login: ExternalLogin): Promise<void> {
    await this.logins.removeExternal(userId);
    await this.logins.insertExternal([{ userId, ...login, provisioningMethod: null }]);
  }

  /** By subject, whose it is; those that nobody signs in with are missing. */
  async findOwners(issuer: string, subjects: readonly string[]): Promise<Map<string, string>> {
    const found = subjects.length === 0 ? [] : await this.logins.listBySubjects(issuer, subjects);
    return new Map(found.map(({ subject, userId }) => [subject, userId]));
  }

  /** Logins that SCIM gives to people it has made. Throws LoginAlreadyInUse. */
  async addProvisioned(
    issuer: string,
    links: readonly { readonly userId: string; readonly subject: string }[],
  ): Promise<void> {
    const rows = links.map((link) => ({ ...link, issuer, provisioningMethod: 'scim' as const }));
    if (rows.length > 0) await this.logins.insertExternal(rows);
  }

  /** The login that SCIM had given for this provider is this one now. Throws LoginAlreadyInUse. */
  async moveProvisioned(userId: string, login: ExternalLogin): Promise<void> {
    await this.removeProvisioned(userId, login.issuer);
    await this.logins.insertExternal([{ userId, ...login, provisioningMethod: 'scim' }]);
  }

  /** The login that SCIM had given for this provider is nobody's any more. */
  removeProvisioned(userId: string, issuer: string): Promise<void> {
    return this.logins.removeProvisioned(userId, issuer, 'scim');
  }

  /** The person has proved that the address of his account is his. */
  confirmEmail(userId: string, by: EmailVerification): Promise<void> {
    return this.logins.confirmEmail(userId, by);
  }

  /** The provider has taken its word back; a link that was followed stays a proof. */
  clearProviderVerification(userId: string): Promise<void> {
    return this.logins.clearEmailVerification(userId, ['provider']);
  }

  /**
   * A mailed link was followed where people log in with passwords. It counts from the owner's next change of the password
   * on, since whoever chose the present one still knows it (docs/decisions/0021).
   */
  confirmPasswordLogin(userId: string): Promise<void> {
    return this.logins.confirmPasswordLogin(userId);
  }

  async hasPassword(userId: string): Promise<boolean> {
    return (await this.logins.listByUser(userId)).some(({ provider }) => provider === 'email');
  }
}
