import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { required } from '../common/required.js';

const ROOT = dirname(required(findPackageJSON(import.meta.url), 'package.json'));
const DESCRIPTION = join(ROOT, 'openapi', 'served.json');
/** The API reference page consists of static files that are served unchanged. */
const PAGE = join(ROOT, 'reference-page');

const SCRIPTS = [
  'reference',
  'credential',
  'description',
  'elements',
  'example',
  'operation',
  'session',
  'try-it',
];
const FILES = [...SCRIPTS.map((name) => `${name}.js`), 'reference.css', 'icon.svg'];

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Users enter API keys on this page: it loads nothing from other origins, runs no inline code, cannot be framed. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** Serves `GET /openapi.json`, which `npm run openapi:write` generates, and the API reference at `/docs`. */
export function serveDescription(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const description = withoutIndentation(readFileSync(DESCRIPTION, 'utf8'));
  fastify.get('/openapi.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(description),
  );
  const serve = (url: string, file: string) => {
    const content = readFileSync(join(PAGE, file));
    const type = required(TYPES[extname(file)], `the type of ${file}`);
    fastify.get(url, (_request, reply) => reply.headers(HEADERS).type(type).send(content));
  };
  serve('/docs', 'index.html');
  for (const file of FILES) serve(`/docs/${file}`, file);
}

/** A third smaller. Strings in JSON contain no line breaks. */
const withoutIndentation = (json: string) => Buffer.from(json.replace(/\n */g, ''));
