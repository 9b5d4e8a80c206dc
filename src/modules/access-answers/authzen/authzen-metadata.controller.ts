import { Controller, Get, Header, NotFoundException, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Public } from '../../../common/access/access.decorator.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiExcludeEndpoint, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { basePathOf } from '../../../common/http/request-path.js';
import { Config } from '../../../config/config.js';
import { AuthzenMetadata } from '../../../contract/authzen.js';
import { PublicUrlMissing } from './errors.js';

const PATH = '/.well-known/authzen-configuration';
const CACHED = ['cache-control', 'public, max-age=3600'] as const;

/** Section 9 of the Authorization API 1.0. The public URL of this server is the identifier of the decision point. */
@ApiTags('authzen')
@Controller()
export class AuthzenMetadataController {
  constructor(private readonly config: Config) {}

  @Get(PATH)
  @Public(AuthzenMetadata)
  @Header(...CACHED)
  @Refuses('public_url_missing')
  getAuthzenMetadata(): AuthzenMetadata {
    return this.metadata();
  }

  /** The path of the public URL follows the well-known one (section 9.2.1). */
  @Get(`${PATH}/*`)
  @ApiExcludeEndpoint()
  @Public()
  @Header(...CACHED)
  getAuthzenMetadataOfBasePath(@Req() { url }: FastifyRequest): AuthzenMetadata {
    const [path = ''] = url.split('?', 1);
    if (path.replace(/\/$/, '') !== `${PATH}${basePathOf(this.config.server.publicUrl)}`)
      throw new NotFoundException();
    return this.metadata();
  }

  private metadata(): AuthzenMetadata {
    const { publicUrl } = this.config.server;
    if (publicUrl === null) throw new PublicUrlMissing();
    return {
      policy_decision_point: publicUrl,
      access_evaluation_endpoint: `${publicUrl}/access/v1/evaluation`,
      access_evaluations_endpoint: `${publicUrl}/access/v1/evaluations`,
      search_subject_endpoint: `${publicUrl}/access/v1/search/subject`,
      search_resource_endpoint: `${publicUrl}/access/v1/search/resource`,
      search_action_endpoint: `${publicUrl}/access/v1/search/action`,
    };
  }
}
