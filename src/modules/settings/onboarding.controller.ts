import { Controller, Get, Header, Param, Post, Put } from '@nestjs/common';
import { CurrentPrincipal, OwnCommand, OwnQuery } from '../../common/access/access.decorator.js';
import type { UserPrincipal } from '../../common/access/principal.js';
import { ValidationFailed } from '../../common/errors/errors.js';
import { Refuses, ReturnsJson } from '../../common/http/operations/operation.decorator.js';
import { ApiParam, ApiTags } from '../../common/http/operations/swagger.decorator.js';
import { UserOnboardingStateResponse } from '../../contract/workspaces.js';
import type { OnboardingState, OnboardingStep } from './onboarding-state.entity.js';
import { OnboardingService } from './onboarding.service.js';

@ApiTags('me')
@Controller('api/v1/me')
export class OnboardingController {
  constructor(private readonly onboarding: OnboardingService) {}

  /** The response is a bare JSON string; Fastify sends strings unchanged, so it is serialized here. */
  @Get('ls_user_id')
  @OwnQuery()
  @ReturnsJson({ type: 'string' })
  @Header('content-type', 'application/json; charset=utf-8')
  getLsUserId(@CurrentPrincipal() { userId }: UserPrincipal) {
    return JSON.stringify(userId);
  }

  @Get('onboarding_state')
  @OwnQuery(UserOnboardingStateResponse)
  @Refuses('onboarding_not_started')
  async getOnboardingState(@CurrentPrincipal() principal: UserPrincipal) {
    return toOnboardingState(await this.onboarding.get(principal.userId));
  }

  @Post('onboarding_state')
  @OwnCommand('create_onboarding_state', UserOnboardingStateResponse)
  async createOnboardingState(@CurrentPrincipal() principal: UserPrincipal) {
    return toOnboardingState(await this.onboarding.start(principal));
  }

  @Put('onboarding_state/:field')
  @OwnCommand('update_onboarding_state', UserOnboardingStateResponse)
  @ApiParam({ name: 'field', schema: { type: 'string' } })
  @Refuses('onboarding_not_started')
  async updateOnboardingStateField(
    @CurrentPrincipal() principal: UserPrincipal,
    @Param('field') field: string,
  ) {
    return toOnboardingState(await this.onboarding.complete(principal, stepOf(field)));
  }
}

const toOnboardingState = (state: OnboardingState): UserOnboardingStateResponse => ({
  id: state.id,
  ls_user_id: state.userId,
  tracing_completed_at: instant(state.tracingCompletedAt),
  lgstudio_completed_at: instant(state.lgstudioCompletedAt),
  playground_completed_at: instant(state.playgroundCompletedAt),
  evaluation_completed_at: instant(state.evaluationCompletedAt),
  success_viewed_at: instant(state.successViewedAt),
  created_at: state.createdAt.toISOString(),
  updated_at: state.updatedAt.toISOString(),
});

const instant = (time: Date | null) => time?.toISOString() ?? null;

const STEPS = {
  tracing_completed_at: 'tracingCompletedAt',
  lgstudio_completed_at: 'lgstudioCompletedAt',
  playground_completed_at: 'playgroundCompletedAt',
  evaluation_completed_at: 'evaluationCompletedAt',
  success_viewed_at: 'successViewedAt',
} as const satisfies Partial<Record<keyof UserOnboardingStateResponse, OnboardingStep>>;

const isStep = (field: string): field is keyof typeof STEPS => Object.hasOwn(STEPS, field);

/** The contract publishes a plain string. @throws ValidationFailed */
function stepOf(field: string): OnboardingStep {
  if (isStep(field)) return STEPS[field];
  const msg = `Input should be one of ${Object.keys(STEPS).join(', ')}`;
  throw new ValidationFailed([{ loc: ['path', 'field'], msg, type: 'enum' }]);
}
