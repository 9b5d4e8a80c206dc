/**
 * Generates the types of the API from the description of a server, in `generated/served.d.ts`:
 * `node examples/manage-user-groups/generate-client.ts http://127.0.0.1:1984/openapi.json` (an address or a file).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const [description = 'http://127.0.0.1:1984/openapi.json'] = process.argv.slice(2);
const folder = new URL('./generated/', import.meta.url);

const types = await openapiTS(new URL(description, pathToFileURL(`${process.cwd()}/`)), {
  defaultNonNullable: false, // a field with a default may be left out of a request
});
await mkdir(folder, { recursive: true });
await writeFile(new URL('served.d.ts', folder), astToString(types));
