import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { EventBus } from '../../common/event-bus.js';
import { Config } from '../../config/config.js';
import type { AuditDetails } from '../audit/index.js';
import {
  type Org,
  type OrgChanges,
  requiresNothing,
  SignInOfTokenRequested,
  unmetBy,
  unmetInOrg,
  withChanges,
} from '../orgs/index.js';
import { mayGrantOrgAdmin } from '../roles/index.js';
import { SessionsService } from '../sessions/index.js';
import {
  OnlyAdminsRequireSignIn,
  OwnSignInInsufficient,
  SignInRequirementNeedsSso,
  TokenOfWeakerSignIn,
} from './errors.js';

/** Who may change what the organization requires of a sign-in (docs/contract/sign-in.md#sign-in-requirement). */
@Injectable()
export class ChangeSignInRequirement {
  constructor(
    private readonly sessions: SessionsService,
    private readonly events: EventBus,
    private readonly config: Config,
  ) {}

  /**
   * Under the roster lock; returns what the audit log says of it, nothing if it stays as it is. Dropping it is not for
   * a token of a weaker sign-in: sessions of such sign-ins would work again.
   *
   * @throws OnlyAdminsRequireSignIn, TokenOfWeakerSignIn, SignInRequirementNeedsSso or OwnSignInInsufficient
   */
  async check(principal: OrgPrincipal, current: Org, changes: OrgChanges): Promise<AuditDetails> {
    const next = withChanges(current, changes);
    if (isDeepStrictEqual(next, withChanges(current, {}))) return {};
    if (!mayGrantOrgAdmin(principal)) throw new OnlyAdminsRequireSignIn();
    if (await this.isTokenOfWeakerSignIn(principal, current)) throw new TokenOfWeakerSignIn();
    if (!this.config.sso && !requiresNothing(next)) throw new SignInRequirementNeedsSso();
    const unmet = unmetBy(await this.sessions.authenticationOf(principal), next);
    if (unmet) throw new OwnSignInInsufficient(unmet);
    return {
      required_acr: next.requiredAcr,
      required_amr: next.requiredAmr,
      max_authentication_age: next.maxAuthenticationAge,
    };
  }

  private async isTokenOfWeakerSignIn({ credential }: OrgPrincipal, current: Org): Promise<boolean> {
    if (credential.kind !== 'personal-access-token' || requiresNothing(current)) return false;
    const asked = new SignInOfTokenRequested(credential.id);
    await this.events.publish(asked);
    const { signIn } = asked;
    return signIn === null || unmetInOrg({ ...current, ...signIn }, signIn.method) !== null;
  }
}
