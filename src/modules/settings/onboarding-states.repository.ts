import { Injectable } from '@nestjs/common';
import { newId } from '../../database/statements/new-id.js';
import { named, Sql } from '../../database/transactions/sql.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { OnboardingState, type OnboardingStep } from './onboarding-state.entity.js';

const INSERT_MISSING = named('onboarding_states_insert_missing')`
  insert into onboarding_states (id, user_id) values ($1, $2) on conflict (user_id) do nothing`;

@Injectable()
export class OnboardingStatesRepository {
  constructor(
    private readonly transaction: Transaction,
    private readonly sql: Sql,
  ) {}

  find(userId: string): Promise<OnboardingState | null> {
    return this.transaction.manager.findOneBy(OnboardingState, { userId });
  }

  async insertMissing(userId: string): Promise<boolean> {
    return (await this.sql.affected(INSERT_MISSING, [newId(), userId])) === 1;
  }

  async stamp(userId: string, step: OnboardingStep): Promise<boolean> {
    const now = () => 'now()';
    const { affected } = await this.transaction.manager.update(
      OnboardingState,
      { userId },
      { [step]: now, updatedAt: now },
    );
    return affected === 1;
  }
}
