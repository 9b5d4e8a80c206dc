import type { IncomingMessage } from 'node:http';
import type { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { ErrorFilter } from './common/errors/error.filter.js';
import { answerUnreadablePath } from './common/errors/unreadable-path.js';
import { answerUnreadableRequest } from './common/errors/unreadable-request.js';
import { dropUnreadableType, LARGEST_BODY, readBodies } from './common/http/bodies.js';
import { canonicalPath } from './common/http/canonical-path.js';
import { trustIn } from './common/http/ip-address.js';
import { sendGuardedHeaders } from './common/http/guarded-headers.js';
import { KnownMethods } from './common/http/known-methods.js';
import { sendPage } from './common/http/page.js';
import { originForm, requireOneHost } from './common/http/request-target.js';
import { isFromTrustedOrigin } from './common/http/trusted-origin.js';
import { ValidationPipe } from './common/http/validation.pipe.js';
import type { Config } from './config/config.js';
import { ScimErrors } from './modules/scim/index.js';
import { serveDescription } from './openapi/serve-description.js';

const LONGEST_PATH_PART = 1_000; // characters; whatever is longer than an id is refused by the route as no id
const LONGEST_REQUEST_MS = 60_000; // for a request to arrive whole; an answer may take longer

/** The application as it is served, for `main` and the tests alike; the caller listens. */
export async function makeApp(
  config: Config,
  dataSource: DataSource,
  logger: LogLevel[] = ['error', 'warn'],
): Promise<NestFastifyApplication> {
  const dialects = [new ScimErrors()];
  const adapter = new FastifyAdapter({
    bodyLimit: LARGEST_BODY,
    trustProxy: trustIn(config.server.trustedProxies),
    requestTimeout: LONGEST_REQUEST_MS,
    rewriteUrl: (request: IncomingMessage) => canonicalPath(originForm(request.url ?? '/')),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: LONGEST_PATH_PART },
    frameworkErrors: answerUnreadablePath(dialects),
    clientErrorHandler: answerUnreadableRequest,
  });
  const known = new KnownMethods(adapter.getInstance());
  adapter
    .getInstance()
    .addHook('onRequest', sendGuardedHeaders)
    .addHook('onRequest', requireOneHost)
    .addHook('onRequest', dropUnreadableType)
    .addHook('preSerialization', sendPage);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, dataSource), adapter, {
    logger,
  });
  readBodies(app);
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ErrorFilter(known, dialects));
  app.enableCors(corsOptions(config));
  serveDescription(app);
  await app.init();
  return app;
}

/**
 * Reading with a key is open to every origin by default; the cookie is sent along only by pages that may act with it
 * (contract decision 47).
 */
function corsOptions({ server, sso }: Config): Parameters<NestFastifyApplication['enableCors']>[0] {
  const withKey = {
    origin: server.corsAllowedOriginsRegex ?? listOrAny(server.corsAllowedOrigins),
    credentials: false,
    strictPreflight: false, // an OPTIONS that no browser sent is answered alike: 204
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED_HEADERS,
  };
  if (!sso) return withKey;
  const withCookie = { ...withKey, origin: true, credentials: true };
  return {
    delegator: ({ headers }, done) => done(null, isFromTrustedOrigin(server, headers) ? withCookie : withKey),
  };
}

const listOrAny = (origins: '*' | readonly string[]) => (origins === '*' ? '*' : [...origins]);

const EXPOSED_HEADERS = [
  'X-Pagination-Total',
  'X-Members-List-All-Workspaces',
  'Retry-After',
  'Idempotency-Replayed',
];
