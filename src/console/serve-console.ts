import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { errorFormatFor, sendError } from '../common/errors/error-format.js';
import { ROUTE_NOT_FOUND } from '../common/errors/protocol-errors.js';
import { basePathOf } from '../common/http/base-path.js';
import { acceptsHtml } from '../common/http/html.js';
import { sendPublicFile } from '../common/http/public-file.reply.js';
import type { Config } from '../config/config.js';
import { type ConsoleBuild, readConsoleBuild } from './console-build.js';
import { CONSOLE_IS_MISSING, type ConsolePage, consolePage } from './console-page.js';

/** The name of an asset contains a hash of its content, so that it never changes. */
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Serves the console below `/console/`, and sends browsers there from `/` (decision 66 of the contract). The console
 * uses the public API only.
 */
export function serveConsole(app: NestFastifyApplication, config: Config): void {
  const fastify = app.getHttpAdapter().getInstance();
  const base = basePathOf(config.server.publicUrl);
  const start = config.server.consoleIsEnabled ? `${base}/console/` : `${base}/docs`;
  fastify.get('/', (request, reply) =>
    acceptsHtml(request) ? reply.redirect(start, 302) : reply.send(startPages(config, base)),
  );
  if (config.server.consoleIsEnabled) serveFiles(fastify, config);
}

const startPages = ({ server }: Config, base: string) => ({
  docs: `${base}/docs`,
  ...(server.consoleIsEnabled ? { console: `${base}/console/` } : {}),
});

/** Every path below `/console/` is a page of the console, except those of the assets. */
function serveFiles(fastify: FastifyInstance, config: Config): void {
  let build: ConsoleBuild | null = null;
  const current = () => (build ??= readConsoleBuild());
  const sendPage = (reply: FastifyReply) => {
    const template = current()?.page;
    return template
      ? send(reply, consolePage(template, config))
      : send(reply.status(503), CONSOLE_IS_MISSING);
  };
  fastify.get<{ Params: { name: string } }>('/console/assets/:name', (request, reply) => {
    const asset = current()?.assets.get(request.params.name);
    if (!asset) return sendError(errorFormatFor('/console', []), ROUTE_NOT_FOUND, reply);
    return sendPublicFile(request, reply.header('cache-control', FOREVER), asset);
  });
  fastify.get('/console', (_request, reply) => sendPage(reply));
  fastify.get('/console/*', (_request, reply) => sendPage(reply));
}

const send = (reply: FastifyReply, { html, headers }: ConsolePage) => reply.headers(headers).send(html);
