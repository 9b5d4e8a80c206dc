import { Body, Controller, Post } from '@nestjs/common';
import { Public } from '../../../common/access/access.decorator.js';
import { CurrentRequest, type RequestMetadata } from '../../../common/http/request-metadata.decorator.js';
import { MaxBodyBytes, Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiBody, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { RegisterClientRequest, RegisteredClient } from '../../../contract/oauth.js';
import { fromRegistration, toRegisteredClient } from './client.mapper.js';
import { ClientsService } from './clients.service.js';

const MOST_BYTES = 8 * 1024;

/** Dynamic client registration (RFC 7591). */
@ApiTags('oauth')
@Problems('oauth')
@Controller('api/v1/oauth/register')
export class RegistrationController {
  constructor(private readonly clients: ClientsService) {}

  @Post()
  @Public(RegisteredClient, 201)
  @MaxBodyBytes(MOST_BYTES)
  @ApiBody({ type: RegisterClientRequest })
  @Refuses('invalid_client_metadata', 'invalid_redirect_uri')
  async registerClient(@Body() body: unknown, @CurrentRequest() { clientHost }: RequestMetadata) {
    return toRegisteredClient(await this.clients.register(fromRegistration(body), clientHost));
  }
}
