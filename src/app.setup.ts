import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module.js';
import { ErrorFilter } from './common/errors/error.filter.js';
import type { ErrorFormat } from './common/errors/error-format.js';
import { replyToMalformedPath } from './common/errors/malformed-path.reply.js';
import { replyToMalformedRequest } from './common/errors/malformed-request.reply.js';
import { removeInvalidContentType, MAX_BODY_BYTES, registerBodyParsers } from './common/http/body-parsers.js';
import { basePathOf, withoutBasePath } from './common/http/base-path.js';
import { allowOrigins } from './common/http/cors.js';
import { canonicalPath } from './common/http/canonical-path.js';
import { trustProxies } from './common/http/ip-address.js';
import { Drain } from './common/http/drain.js';
import { sendSecurityHeaders } from './common/http/security-headers.js';
import { AllowedMethods } from './common/errors/allowed-methods.js';
import { sendJsonText } from './common/http/json-text.reply.js';
import { sendPage } from './common/http/page.reply.js';
import { rememberReply } from './common/http/request-metadata.decorator.js';
import { originForm, requireOneHost } from './common/http/request-target.js';
import { ValidationPipe } from './common/http/validation.pipe.js';
import { resetWhenCutOff } from './common/lists/list.reply.js';
import { logRequests, REQUEST_COMPLETED } from './common/logging/log-requests.js';
import { NestLogger } from './common/logging/nest-logger.js';
import { createServerLog, type ServerLog } from './common/logging/server-log.js';
import { endTrace, enterTrace, newRequestId, startTrace } from './common/tracing/trace-requests.js';
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
  log: ServerLog = createServerLog(config.log.level),
): Promise<NestFastifyApplication> {
  const formats = [new ScimErrorFormat()];
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: trustProxies(config.server.trustedProxies),
    requestTimeout: REQUEST_TIMEOUT_MS,
    rewriteUrl: routePath(config),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PATH_SEGMENT_LENGTH },
    return503OnClosing: false, // a request on a connection that is still open is answered normally
    frameworkErrors: refuseMalformedPath(formats, log),
    clientErrorHandler: replyToMalformedRequest(newRequestId, (fields) =>
      log.info(fields, REQUEST_COMPLETED),
    ),
    loggerInstance: fastifyLog(log),
    childLoggerFactory: (logger: FastifyBaseLogger) => logger, // `logRequests` writes the lines of requests
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newRequestId,
    requestIdHeader: false,
  });
  const allowedMethods = new AllowedMethods(adapter.getInstance());
  addHooks(adapter.getInstance(), config, log);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, dataSource), adapter, {
    logger: new NestLogger(log),
  });
  adapter.getInstance().addHook('onRequest', app.get(Drain).closeConnection);
  registerBodyParsers(app);
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ErrorFilter(allowedMethods, formats));
  serveDescription(app, config.server.publicUrl);
  serveConsole(app, config);
  await app.init();
  return app;
}

/** The path that is routed, whatever a proxy has left of the base path and of the prefix of the gateway. */
function routePath({ server }: Config): (request: IncomingMessage) => string {
  const basePath = basePathOf(server.publicUrl);
  return ({ url = '/' }) => canonicalPath(withoutBasePath(originForm(url), basePath));
}

function addHooks(fastify: FastifyInstance, { server }: Config, log: ServerLog): void {
  fastify
    .addHook('onRequest', startTrace)
    .addHook('onRequest', rememberReply)
    .addHook('onRequest', sendSecurityHeaders);
  allowOrigins(fastify, server);
  fastify
    .addHook('onRequest', requireOneHost)
    .addHook('onRequest', removeInvalidContentType)
    .addHook('preValidation', enterTrace)
    .addHook('preSerialization', sendPage)
    .addHook('preSerialization', sendJsonText)
    .addHook('onSend', resetWhenCutOff)
    .addHook('onResponse', endTrace)
    .addHook('onResponse', logRequests(log));
}

/** Warnings and errors of Fastify itself. */
const fastifyLog = (log: ServerLog): ServerLog =>
  log.child({ context: 'Fastify' }, { level: log.isLevelEnabled('warn') ? 'warn' : log.level });

/** Fastify runs no hooks for a path that it cannot route. */
function refuseMalformedPath(formats: readonly ErrorFormat[], log: ServerLog) {
  const [refuse, logRequest] = [replyToMalformedPath(formats), logRequests(log)];
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    startTrace(request, reply, () => undefined);
    sendSecurityHeaders(request, reply, () => undefined);
    refuse(error, request, reply);
    endTrace(request, reply, () => undefined);
    logRequest(request, reply, () => undefined);
  };
}
