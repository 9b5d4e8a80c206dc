/**
 * Generates two clients of the API from its description, with two independent generators:
 * `node examples/manage-organization/generate-clients.ts http://127.0.0.1:1984/openapi.json` (an address or a file).
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import openapiTS, { astToString } from 'openapi-typescript';

const [source = 'http://127.0.0.1:1984/openapi.json'] = process.argv.slice(2);
const folder = new URL('./generated/', import.meta.url);
const address = new URL(source, pathToFileURL(`${process.cwd()}/`));

const text =
  address.protocol === 'file:' ? await readFile(address, 'utf8') : await (await fetch(address)).text();
const description = JSON.parse(text) as Parameters<typeof openapiTS>[0] & Record<string, unknown>;

const types = await openapiTS(structuredClone(description), {
  defaultNonNullable: false, // a field with a default may be left out of a request
});
await mkdir(folder, { recursive: true });
await writeFile(new URL('openapi-fetch.d.ts', folder), astToString(types));

await createClient({
  input: description,
  output: {
    path: fileURLToPath(new URL('hey-api', folder)),
    module: { extension: '.ts' }, // Node runs them as they are
  },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { level: 'silent', file: false },
});
