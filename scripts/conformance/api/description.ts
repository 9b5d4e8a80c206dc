import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Sequence } from '../area.ts';
import { bodyOf, type Description, descriptionOf, operationsOf, resolved } from './description-of.ts';
import { get, PLATFORM, post } from './requests.ts';

const EXAMPLES: Sequence = {
  name: 'examples',
  run: async (client) => {
    const description = await descriptionOf(client);
    client.compare('are valid by their own schema', [], invalidExamplesIn(description));
  },
};

function invalidExamplesIn(description: Description): string[] {
  const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema({ $id: 'served', ...description });
  return operationsOf(description).flatMap(({ method, path, operation }) => {
    const body = bodyOf(operation);
    if (!body) return [];
    const schema = JSON.parse(JSON.stringify(body.schema).replaceAll('"#/', '"served#/')) as object;
    return ajv.validate(schema, body.example) ? [] : [`${method} ${path}: ${ajv.errorsText()}`];
  });
}

const LIMITS: Sequence = {
  name: 'described limits',
  run: async (client) => {
    const description = await descriptionOf(client);
    const undeclared = operationsOf(description)
      .filter(({ operation }) => !Object.keys(operation.responses).some((status) => Number(status) >= 400))
      .map(({ method, path }) => `${method} ${path}`);
    client.compare('every operation declares its errors', [], undeclared);

    const members = description.paths[`${PLATFORM}/members`]?.['get'];
    const limits = members?.parameters?.filter(({ name }) => ['limit', 'offset'].includes(name));
    client.compare(
      'limit and offset of platform lists say their bounds',
      [/From 1 to 500/, /From 0/],
      limits?.map(({ description: text }) => text),
    );
    for (const query of ['limit=0', 'limit=501', 'offset=-1'])
      await client.check(`refuses ${query}`, get(`${PLATFORM}/members?${query}`), {
        status: 400,
        body: { error: /limit|offset/ },
      });

    const policies = description.paths[`${PLATFORM}/access-policies`]?.['post'];
    const policy = policies && bodyOf(policies);
    client.compare(
      'the description of an access policy says what is required',
      {
        name: { description: /Required/ },
        effect: { description: /Required/ },
        condition_groups: { description: /Required/ },
      },
      policy && resolved(description, policy.schema).properties,
    );
    await client.check('refuses an access policy without them', post(`${PLATFORM}/access-policies`, {}), {
      status: 400,
      body: {
        error: (message: unknown) =>
          ['name', 'effect', 'condition_groups'].every((field) => String(message).includes(field)),
      },
    });
  },
};

export const DESCRIPTION: readonly Sequence[] = [EXAMPLES, LIMITS];
