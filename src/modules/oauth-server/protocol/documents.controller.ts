import { Controller, Get, Header, NotFoundException, Param, Query } from '@nestjs/common';
import { Public } from '../../../common/access/access.decorator.js';
import { Problems, Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiExcludeEndpoint, ApiQuery, ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  ApplicationInfo,
  AuthorizationServerMetadata,
  ProtectedResourceMetadata,
} from '../../../contract/oauth.js';
import { UnknownApplication } from '../core/errors.js';
import { Library } from '../library/library.js';
import { SigningKeys } from '../library/signing-keys.js';
import { toApplicationInfo } from '../clients/client.mapper.js';
import { resourceMetadata, serverMetadata } from './documents.mapper.js';

const FOR_FIVE_MINUTES = ['cache-control', 'public, max-age=300'] as const;

/** Documents that follow from the public address alone, whatever `Host` a request has. */
@ApiTags('oauth')
@Problems('oauth')
@Controller()
export class DocumentsController {
  private readonly pathOfIssuer: string;

  constructor(
    private readonly library: Library,
    private readonly keys: SigningKeys,
  ) {
    this.pathOfIssuer = new URL(library.issuer).pathname.slice(1);
  }

  @Get('api/v1/.well-known/oauth-authorization-server')
  @Public(AuthorizationServerMetadata)
  @Header(...FOR_FIVE_MINUTES)
  getServerMetadata() {
    return serverMetadata(this.library.issuer, {
      fetchesDocuments: this.library.documents.isAnnounced,
    });
  }

  @Get('api/v1/.well-known/openid-configuration')
  @Public(AuthorizationServerMetadata)
  @Header(...FOR_FIVE_MINUTES)
  getOpenidConfiguration() {
    return this.getServerMetadata();
  }

  @Get('api/v1/.well-known/oauth-protected-resource')
  @Public(ProtectedResourceMetadata)
  @Header(...FOR_FIVE_MINUTES)
  getResourceMetadata() {
    return resourceMetadata(this.library.issuer);
  }

  /** In front of the path of the issuer (RFC 8414, section 3.1), which has a base path before `/api`. */
  @ApiExcludeEndpoint()
  @Get(['.well-known/oauth-authorization-server/*', '.well-known/openid-configuration/*'])
  @Public(AuthorizationServerMetadata)
  @Header(...FOR_FIVE_MINUTES)
  getInsertedServerMetadata(@Param('*') path: string) {
    this.assertIssuer(path);
    return this.getServerMetadata();
  }

  /** RFC 9728, section 3.1. */
  @ApiExcludeEndpoint()
  @Get('.well-known/oauth-protected-resource/*')
  @Public(ProtectedResourceMetadata)
  @Header(...FOR_FIVE_MINUTES)
  getInsertedResourceMetadata(@Param('*') path: string) {
    this.assertIssuer(path);
    return this.getResourceMetadata();
  }

  @Get('api/v1/oauth/jwks')
  @Public('anything')
  @Header(...FOR_FIVE_MINUTES)
  async getKeySet() {
    return { keys: await this.keys.listPublic() };
  }

  @Get('api/v1/oauth/client/:client')
  @Public(ApplicationInfo)
  @Refuses('unknown_application')
  getClient(@Param('client') clientId: string) {
    return this.describe(clientId);
  }

  /** Since proxies decode the slashes of an id that is a URL. */
  @Get('api/v1/oauth/client')
  @Public(ApplicationInfo)
  @Refuses('unknown_application')
  @ApiQuery({ name: 'client_id', required: true, schema: { type: 'string' } })
  getClientByQuery(@Query('client_id') clientId: unknown) {
    return this.describe(typeof clientId === 'string' ? clientId : '');
  }

  private async describe(clientId: string) {
    const client = await this.library.findApplication(clientId);
    if (!client) throw new UnknownApplication();
    return toApplicationInfo(client);
  }

  private assertIssuer(path: string): void {
    if (path.replace(/\/$/, '') !== this.pathOfIssuer) throw new NotFoundException();
  }
}
