import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
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
import { serialize } from './common/access/caller-read.js';
import { AllowedMethods, ErrorFilter } from './common/errors/error.filter.js';
import {
  errorFormatFor,
  type PathErrorFormat,
  ROUTE_NOT_FOUND,
  sendError,
} from './common/errors/error-format.js';
import { replyToMalformedRequest } from './common/errors/malformed-request.reply.js';
import {
  basePathOf,
  canonicalPath,
  originForm,
  requireOneHost,
  withoutBasePath,
} from './common/http/request-path.js';
import { MAX_BODY_BYTES, registerBodyParsers, removeUselessContentType } from './common/http/body-parsers.js';
import { allowOrigin, replyToPreflight, sendSecurityHeaders } from './common/http/response-hooks.js';
import { Drain } from './common/http/drain.js';
import { trustProxies } from './common/http/network-addresses.js';
import { Page, resetWhenCutOff, rowsOfPage } from './common/lists/list.reply.js';
import { ValidationPipe } from './common/http/operations/validation.pipe.js';
import {
  endTrace,
  enterTrace,
  logRequests,
  REQUEST_COMPLETED,
  startTrace,
} from './common/logging/log-requests.js';
import { createServerLog, NestLogger, type ServerLog } from './common/logging/server-log.js';
import { newTraceId } from './common/tracing/trace-context.js';
import type { Config } from './config/config.js';
import { serveConsole } from './optional/console/serve-console.js';
import { AUTHZEN_PATH, echoRequestId } from './modules/access-answers/index.js';
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
    http: { optimizeEmptyRequests: true }, // makes no stream for a body that the headers do not announce
    rewriteUrl: routePath(config),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_PATH_SEGMENT_LENGTH },
    return503OnClosing: false, // a request on a connection that is still open is served normally
    frameworkErrors: refuseMalformedPath(formats, config, log),
    clientErrorHandler: replyToMalformedRequest(newTraceId, (fields) => log.info(fields, REQUEST_COMPLETED)),
    loggerInstance: fastifyLog(log),
    childLoggerFactory: (logger: FastifyBaseLogger) => logger, // `logRequests` writes the lines of requests
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: newTraceId, // always a new one, since callers decide what they send
    requestIdHeader: false,
  });
  const allowedMethods = new AllowedMethods(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, dataSource), adapter, {
    logger: new NestLogger(log),
  });
  addRequestHooks(adapter.getInstance(), config, log, app.get(Drain));
  registerBodyParsers(app);
  app.useGlobalPipes(new ValidationPipe());
  app.useGlobalFilters(new ErrorFilter(allowedMethods, formats, resourceMetadataOf(config)));
  serveDescription(app, config.server.publicUrl);
  serveConsole(app, config);
  await app.init();
  return app;
}

/** Where clients learn who issues access tokens; null: no tokens are issued. */
const resourceMetadataOf = ({ authorizationServer: { isEnabled, issuer } }: Config): string | null =>
  isEnabled ? `${issuer}/.well-known/oauth-protected-resource` : null;

/** The path that is routed, whatever a proxy has left of the base path and of the prefix of the gateway. */
function routePath({ server }: Config): (request: IncomingMessage) => string {
  const basePath = basePathOf(server.publicUrl);
  return ({ url = '/' }) => canonicalPath(withoutBasePath(originForm(url), basePath));
}

/** Warnings and errors of Fastify itself. */
const fastifyLog = (log: ServerLog): ServerLog =>
  log.child({ context: 'Fastify' }, { level: log.isLevelEnabled('warn') ? 'warn' : log.level });

/** 404 for a path that cannot be decoded (`%zz`) or is too long; Fastify's own message would echo the path. */
function refuseMalformedPath(formats: readonly PathErrorFormat[], { server }: Config, log: ServerLog) {
  const completeRequest = requestCompletion(log);
  return (_error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    beginRequest(request, reply, server);
    sendError(errorFormatFor(request.url, formats), ROUTE_NOT_FOUND, reply);
    completeRequest(request, reply);
  };
}

/** What happens to every request besides its route, in one hook for each phase, since a hook costs more than a step. */
function addRequestHooks(fastify: FastifyInstance, { server }: Config, log: ServerLog, drain: Drain): void {
  const completeRequest = requestCompletion(log);
  fastify.addHook('onRequest', (request, reply, done) => {
    beginRequest(request, reply, server);
    allowOrigin(server, request, reply);
    if (request.method === 'OPTIONS') return replyToPreflight(request, reply);
    requireOneHost(request);
    if (request.url.startsWith(AUTHZEN_PATH)) echoRequestId(request, reply);
    if (request.headers['content-type'] !== undefined) removeUselessContentType(request);
    // Clients and proxies do not reuse a connection that the server is about to close (RFC 9112, section 9.6).
    if (drain.hasBegun) void reply.header('connection', 'close');
    done();
  });
  fastify.setReplySerializer(serialize);
  fastify.options('*', replyToPreflight); // accepts every path; the hook has responded
  fastify
    .addHook('preValidation', enterTrace)
    .addHook('preSerialization', (_request, reply, payload, done) =>
      done(null, payload instanceof Page ? rowsOfPage(payload, reply) : payload),
    )
    .addHook('onSend', (_request, reply, payload, done) => {
      if (payload instanceof Readable) resetWhenCutOff(payload, reply);
      done(null, payload);
    })
    .addHook('onResponse', (request, reply, done) => {
      completeRequest(request, reply);
      done();
    });
}

/** Fastify runs no hooks for a path that it cannot route, so `refuseMalformedPath` calls it too. */
function beginRequest(request: FastifyRequest, reply: FastifyReply, { publicUrl }: Config['server']): void {
  startTrace(request, reply);
  request.reply = reply;
  sendSecurityHeaders(reply, publicUrl);
}

function requestCompletion(log: ServerLog): (request: FastifyRequest, reply: FastifyReply) => void {
  const logRequest = logRequests(log);
  return (request, reply) => {
    endTrace(request, reply);
    logRequest(request, reply);
  };
}
