import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { help } from './help/help-plugin.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const CLIENT = '../packages/client/src/index.ts';
const SERVER = process.env['TENANTRY_URL'] ?? 'http://127.0.0.1:1984';

/** What the sign-in page needs, what several pages share, and the frame with the first page: one request each instead of one for each module. */
const CHUNKS = [
  { name: 'start', tags: ['$initial'], priority: 2 },
  { name: 'shared', minShareCount: 3, priority: 1 },
  { name: 'shell', test: /\/console\/src\/(shell|overview)\// },
];

/** `npm run console:dev` serves the sources and passes API requests on to a running server. */
export default defineConfig({
  root,
  base: './', // assets are found from the page's base element, whatever path the console is served at
  resolve: { alias: { '@tenantry/client': fileURLToPath(new URL(CLIENT, import.meta.url)) } },
  plugins: [help()],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
  server: {
    port: 1985,
    proxy: Object.fromEntries(['/api', '/v1', '/auth', '/docs'].map((path) => [path, { target: SERVER }])),
  },
});
