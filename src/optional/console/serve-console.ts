import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { errorFormatFor, ROUTE_NOT_FOUND, sendError } from '../../common/errors/error-format.js';
import { basePathOf } from '../../common/http/request-path.js';
import { acceptsHtml, escapeHtml } from '../../common/http/html.js';
import { type Coding, CODINGS, PublicFile, sendPublicFile } from '../../common/http/public-file.reply.js';
import { PROJECT_FOLDER } from '../../common/version.js';
import type { Config } from '../../config/config.js';

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

const NONCE_BYTES = 16; // Content Security Policy Level 3, section 7.1: at least 128 bits

type ConsolePage = { readonly html: string; readonly headers: Record<string, string> };

/**
 * The page of the console. The component library adds style elements at run time, which the nonce of this response
 * allows; scripts come from files only.
 */
function consolePage(template: string, { server, sso, mail, authorizationServer }: Config): ConsolePage {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const values: Record<string, string> = {
    BASE: `${basePathOf(server.publicUrl)}/console/`,
    LOGIN: sso ? 'sso' : 'password',
    LINKS: sso ? 'none' : mail && server.publicUrl ? 'mailed' : 'handed-over',
    MAIL: mail ? 'server' : 'none',
    APPLICATIONS: authorizationServer.isEnabled ? 'on' : 'off',
    NONCE: nonce,
  };
  const html = template.replace(/%([A-Z]+)%/g, (text, name: string) => escapeHtml(values[name] ?? text));
  return { html, headers: { ...PAGE_HEADERS, 'content-security-policy': contentSecurityPolicy(nonce) } };
}

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'referrer-policy': 'same-origin',
};

const contentSecurityPolicy = (nonce: string) =>
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; " +
  `style-src 'self' 'nonce-${nonce}'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'`;

/** Shown instead while the console is built beside the server. */
const CONSOLE_IS_MISSING: ConsolePage = {
  html: `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="refresh" content="2" />
    <title>Tenantry</title>
  </head>
  <body>
    <h1>The console is being built</h1>
    <p>This page loads it as soon as it is ready. The API is already served; its reference is at <code>/docs</code>.</p>
    <p>If this page stays, see the output of the server, or build the console with <code>npm run build</code>.</p>
  </body>
</html>
`,
  headers: { ...PAGE_HEADERS, 'retry-after': '2', 'content-security-policy': "default-src 'none'" },
};

/** What `npm run build` and `npm start` write; renamed into place when it is complete. */
const FOLDER = join(PROJECT_FOLDER, 'console', 'dist');
const ASSETS = 'assets';

/** Of the files that the build compresses. */
const EXTENSIONS: Record<Coding, string> = { br: '.br', gzip: '.gz' };
const COMPRESSED = new Set(Object.values(EXTENSIONS));

type ConsoleBuild = {
  /** The page, with placeholders. */
  readonly page: string;
  /** By name below `assets/`; every name contains a hash of the content. */
  readonly assets: ReadonlyMap<string, PublicFile>;
};

/** Null while there is no build: it may still be running beside the server. */
function readConsoleBuild(): ConsoleBuild | null {
  try {
    const page = readFileSync(join(FOLDER, 'index.html'), 'utf8');
    const files = new Set(readdirSync(join(FOLDER, ASSETS)));
    const names = [...files].filter((name) => !COMPRESSED.has(extname(name)));
    return { page, assets: new Map(names.map((name) => [name, readAsset(name, files)])) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function readAsset(name: string, files: ReadonlySet<string>): PublicFile {
  const read = (file: string) => readFileSync(join(FOLDER, ASSETS, file));
  const codings = CODINGS.filter((coding) => files.has(name + EXTENSIONS[coding]));
  const compressed = codings.map((coding) => [coding, read(name + EXTENSIONS[coding])] as const);
  return new PublicFile(name, read(name), Object.fromEntries(compressed));
}
