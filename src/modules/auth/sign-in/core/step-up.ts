import { Injectable } from '@nestjs/common';
import { required } from '../../../../common/collections.js';
import { Config } from '../../../../config/config.js';
import { isAcrOrAmr, OrgsRepository, type SignInRequirement, stepUpParameters } from '../../../orgs/index.js';

/** What a link asks of the provider besides; untrusted. Null: nothing. */
export type AskedStepUp = { readonly acrValues: string | null; readonly maxAge: number | null };

export const NO_STEP_UP: AskedStepUp = { acrValues: null, maxAge: null };

const NOTHING: SignInRequirement = { requiredAcr: [], requiredAmr: [], maxAuthenticationAge: null };
const MAX_LENGTH = 1_000; // characters
const RETURN_SECONDS = 60; // that a user may take from the sign-in at the provider until the return

/** What a sign-in asks of the provider: how strong and how recent it has to be (docs/contract/sign-in.md#sign-in-requirement). */
@Injectable()
export class StepUp {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly config: Config,
  ) {}

  /** Of the organization that the login names, or else of the default one. An unknown organization requires nothing. */
  async requirementOf(orgId: string | null): Promise<SignInRequirement> {
    if (orgId === null) return this.orgs.getDefault();
    const [org] = await this.orgs.listByIds([orgId]);
    return org ?? NOTHING;
  }

  /** What a sign-in has to meet that returns from the provider; null: what the default organization requires. */
  async requirementAtReturn(orgId: string | null, maxAge: number | null): Promise<SignInRequirement | null> {
    if (orgId === null && maxAge === null) return null;
    const { requiredAcr, requiredAmr, maxAuthenticationAge: age } = await this.requirementOf(orgId);
    const asked = maxAge === null ? Infinity : maxAge + RETURN_SECONDS;
    const strictest = Math.min(age ?? Infinity, asked);
    return { requiredAcr, requiredAmr, maxAuthenticationAge: strictest === Infinity ? null : strictest };
  }

  /** A link only adds to what is required: it never replaces `acr_values`, and the shortest `max_age` counts. */
  parametersFor(requirement: SignInRequirement, asked: AskedStepUp): Readonly<Record<string, string>> {
    const { authorizationParameters: ofOperator } = required(this.config.sso, 'single sign-on');
    const { acr_values: requiredValues, max_age: requiredAge } = stepUpParameters(requirement);
    const acrValues = requiredValues ?? ofOperator['acr_values'] ?? asked.acrValues;
    const ages = [requiredAge, ofOperator['max_age'], asked.maxAge].filter(
      (age) => age !== undefined && age !== null,
    );
    return {
      ...(acrValues === null ? {} : { acr_values: acrValues }),
      ...(ages.length === 0 ? {} : { max_age: String(Math.min(...ages.map(Number))) }),
    };
  }
}

/** What cannot be read counts as absent. */
export function toAskedStepUp(parameters: Readonly<Record<string, unknown>>): AskedStepUp {
  const { acr_values: values, max_age: age } = parameters;
  const isList =
    typeof values === 'string' && values.length <= MAX_LENGTH && values.split(' ').every(isAcrOrAmr);
  const isAge = typeof age === 'string' && /^\d{1,8}$/.test(age);
  return { acrValues: isList ? values : null, maxAge: isAge ? Number(age) : null };
}
