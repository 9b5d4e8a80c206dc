import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { basePathOf } from '../common/http/request-path.js';
import { escapeHtml } from '../common/http/html.js';
import { PublicFile, sendPublicFile } from '../common/http/public-file.reply.js';
import { PROJECT_FOLDER } from '../common/version.js';

const DESCRIPTION = join(PROJECT_FOLDER, 'openapi', 'served.json');
/** The API reference page consists of static files that are served unchanged. */
const PAGE = join(PROJECT_FOLDER, 'reference-page');

const FILES = readdirSync(PAGE).filter((name) => /\.(?:js|css|svg)$/.test(name));

/** Users enter API keys on this page: it loads nothing from other origins, runs no inline code, cannot be framed. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin', // with no-referrer, browsers send `Origin: null` with changes
};

/** Browsers keep the files and ask each time whether they have changed. */
const CACHING = { 'cache-control': 'no-cache' };

/** Serves `GET /openapi.json`, which `npm run openapi:write` generates, and the API reference at `/docs`. */
export function serveDescription(app: NestFastifyApplication, publicUrl: string | null): void {
  const fastify = app.getHttpAdapter().getInstance();
  const text = withServer(withoutIndentation(readFileSync(DESCRIPTION, 'utf8')), publicUrl);
  const description = new PublicFile(DESCRIPTION, Buffer.from(text));
  fastify.get('/openapi.json', (request, reply) =>
    sendPublicFile(request, reply.headers(CACHING), description),
  );
  const page = new PublicFile('index.html', pageBelow(basePathOf(publicUrl)));
  fastify.get('/docs', (request, reply) =>
    request.url.startsWith('/docs/')
      ? reply.redirect('../docs', 308) // the links of the page are relative to its URL without a slash at the end
      : sendPublicFile(request, reply.headers({ ...HEADERS, ...CACHING }), page),
  );
  for (const file of FILES) {
    const content = new PublicFile(file, readFileSync(join(PAGE, file)));
    fastify.get(`/docs/${file}`, (request, reply) =>
      sendPublicFile(request, reply.headers({ ...HEADERS, ...CACHING }), content),
    );
  }
}

function pageBelow(basePath: string): Buffer {
  const page = readFileSync(join(PAGE, 'index.html'), 'utf8');
  return Buffer.from(page.replace('data-base=""', `data-base="${escapeHtml(basePath)}"`));
}

/** For clients that are generated from the description. Without a public URL, the server is where the description is. */
const withServer = (description: string, publicUrl: string | null): string =>
  description.replace(
    '"servers": [{"url": "/"}]',
    `"servers": [{"url": ${JSON.stringify(publicUrl ?? '/')}}]`,
  );

/** A third smaller. Strings in JSON contain no line breaks. */
const withoutIndentation = (json: string) => json.replace(/\n */g, '');
