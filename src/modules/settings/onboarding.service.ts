import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { OnboardingNotStarted } from './errors.js';
import type { OnboardingState, OnboardingStep } from './onboarding-state.entity.js';
import { OnboardingStatesRepository } from './onboarding-states.repository.js';

/** The onboarding state of the signed-in user; no other user can read or change it. */
@Injectable()
export class OnboardingService {
  constructor(
    private readonly states: OnboardingStatesRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws OnboardingNotStarted if `start` was not called before */
  async get(userId: string): Promise<OnboardingState> {
    const state = await this.states.find(userId);
    if (!state) throw new OnboardingNotStarted();
    return state;
  }

  /** Idempotent: returns an existing state unchanged. */
  start(principal: UserPrincipal): Promise<OnboardingState> {
    return this.transaction.run(async () => {
      const isNew = await this.states.insertMissing(principal.userId);
      const state = await this.get(principal.userId);
      if (isNew) await this.audit.record(principal, 'create_onboarding_state', [state.id]);
      return state;
    });
  }

  /** @throws OnboardingNotStarted */
  complete(principal: UserPrincipal, step: OnboardingStep): Promise<OnboardingState> {
    return this.transaction.run(async () => {
      if (!(await this.states.stamp(principal.userId, step))) throw new OnboardingNotStarted();
      const state = await this.get(principal.userId);
      await this.audit.record(principal, 'update_onboarding_state', [state.id]);
      return state;
    });
  }
}
