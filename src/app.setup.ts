import type { IncomingMessage } from 'node:http';
import type { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { ErrorFilter } from './common/errors/error.filter.js';
import { replyToMalformedPath } from './common/errors/malformed-path.reply.js';
import { replyToMalformedRequest } from './common/errors/malformed-request.reply.js';
import { removeInvalidContentType, MAX_BODY_BYTES, registerBodyParsers } from './common/http/body-parsers.js';
import { canonicalPath } from './common/http/canonical-path.js';
import { trustProxies } from './common/http/ip-address.js';
import { Drain } from './common/http/drain.js';
import { sendSecurityHeaders } from './common/http/security-headers.js';
import { AllowedMethods } from './common/errors/allowed-methods.js';
import { sendPage } from './common/http/page.reply.js';
import { rememberReply } from './common/http/request-metadata.decorator.js';
import { originForm, requireOneHost } from './common/http/request-target.js';
import { isFromTrustedOrigin } from './common/http/trusted-origin.js';
import { ValidationPipe } from './common/http/validation.pipe.js';
import { resetWhenCutOff } from './common/lists/list.reply.js';
import type { Config } from './config/config.js';
import { serveConsole } from './console/serve-console.js';
import { ScimErrorFormat } from './modules/scim/index.js';
import { serveDescription } from './openapi/serve-description.js';

const MAX_PATH_SEGMENT_LENGTH = 1_000; // characters; routes refuse parameters that are longer than an id
const REQUEST_TIMEOUT_MS = 60_000; // to receive the whole request; the response may take longer

/** Creates the application for the server and the tests; the caller starts listening. */
export async function createApp(
  config: Config,
  dataSource: DataSource,
  logger: LogLevel[] = ['error', 'warn'],
): Promise<NestFastifyApplication> {
  const formats = [new ScimErrorFormat()];
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: trustProxies(config.server.trustedProxies),
    requestTimeout: REQUEST_TIMEOUT_MS,
    rewriteUrl: (request: IncomingMessage) => canonicalPath(originForm(request.url ?? '/')),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PATH_SEGMENT_LENGTH },
    return503OnClosing: false, // a request on a connection that is still open is answered normally
    frameworkErrors: replyToMalformedPath(formats),
    clientErrorHandler: replyToMalformedRequest,
  });
  const allowedMethods = new AllowedMethods(adapter.getInstance());
  adapter
    .getInstance()
    .addHook('onRequest', rememberReply)
    .addHook('onRequest', sendSecurityHeaders)
    .addHook('onRequest', requireOneHost)
    .addHook('onRequest', removeInvalidContentType)
    .addHook('preSerialization', sendPage)
    .addHook('onSend', resetWhenCutOff);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, dataSource), adapter, {
    logger,
  });
  adapter.getInstance().addHook('onRequest', app.get(Drain).closeConnection);
  registerBodyParsers(app);
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ErrorFilter(allowedMethods, formats));
  app.enableCors(corsOptions(config));
  serveDescription(app);
  serveConsole(app, config);
  await app.init();
  return app;
}

/**
 * By default, every origin may read with an API key; only trusted origins may send the session cookie
 * (docs/contract/http.md#cors-and-cookies).
 */
function corsOptions({ server }: Config): Parameters<NestFastifyApplication['enableCors']>[0] {
  const withKey = {
    origin: server.corsAllowedOriginsRegex ?? anyOrList(server.corsAllowedOrigins),
    credentials: false,
    strictPreflight: false, // an OPTIONS request that is not a preflight gets 204 as well
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
  };
  const withCookie = { ...withKey, origin: true, credentials: true };
  return {
    delegator: ({ headers }, done) => done(null, isFromTrustedOrigin(server, headers) ? withCookie : withKey),
  };
}

const anyOrList = (origins: '*' | readonly string[]) => (origins === '*' ? '*' : [...origins]);

const EXPOSED_HEADERS = [
  'X-Pagination-Total',
  'X-Members-List-All-Workspaces',
  'Retry-After',
  'Idempotency-Replayed',
  'Warning',
  'X-Error-Code',
];
