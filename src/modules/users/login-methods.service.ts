import { Injectable } from '@nestjs/common';
import type { EmailVerification, ExternalLogin, LoginMethod, StoredClaims } from './entities.js';
import { LoginMethodsRepository, type NewExternalLogin } from './login-methods.repository.js';

/** Login methods of users. Callers open the transaction and have verified their data. */
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

  /** The provider logins of these users. */
  async listExternal(userIds: readonly string[]): Promise<(ExternalLogin & { readonly userId: string })[]> {
    return userIds.length === 0 ? [] : this.logins.listExternal(userIds);
  }

  /** The users among these whose address is confirmed, by the provider or by a mailed link. */
  findConfirmed(userIds: readonly string[]): Promise<ReadonlySet<string>> {
    return this.logins.findConfirmed(userIds);
  }

  /** @throws LoginAlreadyInUse */
  add(login: NewExternalLogin): Promise<void> {
    return this.logins.insertExternal([login]);
  }

  /** Replaces all provider logins of the user with this one. @throws LoginAlreadyInUse */
  async rebind(userId: string, login: ExternalLogin): Promise<void> {
    await this.logins.removeExternal(userId);
    await this.logins.insertExternal([{ userId, ...login }]);
  }

  /** User ids by subject; unknown subjects are missing. */
  async findOwners(issuer: string, subjects: readonly string[]): Promise<Map<string, string>> {
    const found = subjects.length === 0 ? [] : await this.logins.listBySubjects(issuer, subjects);
    return new Map(found.map(({ subject, userId }) => [subject, userId]));
  }

  /** Adds logins for users that SCIM created. @throws LoginAlreadyInUse */
  async addProvisioned(
    issuer: string,
    links: readonly { readonly userId: string; readonly subject: string }[],
  ): Promise<void> {
    const rows = links.map((link) => ({ ...link, issuer, provisioningMethod: 'scim' as const }));
    if (rows.length > 0) await this.logins.insertExternal(rows);
  }

  /** Replaces the login that SCIM created for this provider. @throws LoginAlreadyInUse */
  async moveProvisioned(userId: string, login: ExternalLogin): Promise<void> {
    await this.removeProvisioned(userId, login.issuer);
    await this.logins.insertExternal([{ userId, ...login, provisioningMethod: 'scim' }]);
  }

  /** Removes the login that SCIM created for this provider. */
  removeProvisioned(userId: string, issuer: string): Promise<void> {
    return this.logins.removeProvisioned(userId, issuer, 'scim');
  }

  /** Replaces what the provider said of this login. */
  updateClaims(login: ExternalLogin, claims: StoredClaims): Promise<void> {
    return this.logins.updateClaims(login, claims);
  }

  /** The user has proved that the address of the account is theirs. */
  confirmEmail(userId: string, by: EmailVerification): Promise<void> {
    return this.logins.confirmEmail(userId, by);
  }

  /** Removes the provider's verification; one by a mailed link stays. */
  clearProviderVerification(userId: string): Promise<void> {
    return this.logins.clearEmailVerification(userId, ['provider']);
  }

  /**
   * A mailed link was followed in basic auth. It counts from the owner's next change of the password on, since
   * another user may have chosen the current one (docs/decisions/0021).
   */
  confirmPasswordLogin(userId: string): Promise<void> {
    return this.logins.confirmPasswordLogin(userId);
  }

  async hasPassword(userId: string): Promise<boolean> {
    return (await this.logins.listByUser(userId)).some(({ provider }) => provider === 'email');
  }
}
