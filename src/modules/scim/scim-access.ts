import { applyDecorators, UseGuards, UseInterceptors } from '@nestjs/common';
import { declareScimToken } from '../../common/access/access-rule.js';
import { ApiExcludeController } from '../../common/http/swagger.js';
import { AnswerScimJson } from './answer-scim-json.js';
import { ScimGuard } from './scim.guard.js';

/** Controllers that identity providers talk to: rule and guard in one, so that neither is there without the other. */
export const ScimTokenOnly = () =>
  applyDecorators(
    declareScimToken(),
    UseGuards(ScimGuard),
    UseInterceptors(AnswerScimJson),
    ApiExcludeController(), // described by /Schemas, not by OpenAPI
  );
