import { canonical } from './canonical-schema.ts';
import { entries, type Json, list, object, resolved, without } from './json.ts';
import { type Part, type Parts, schemaPart } from './schema-parts.ts';

const METHODS = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']);

export function operationParts(document: Json): Parts {
  const parts: Parts = new Map();
  for (const [path, item] of entries(document.paths)) {
    const methods = [...entries(item)].filter(([method]) => METHODS.has(method));
    for (const [method, operation] of methods) {
      // The parameters of the operation come last, so that they replace those of its path.
      const parameters = [...list(object(item).parameters), ...list(object(operation).parameters)];
      const whole = { security: document.security, ...object(operation), parameters };
      parts.set(`${method.toUpperCase()} ${path}`, operationPart(document, whole));
    }
  }
  return parts;
}

function operationPart(document: Json, operation: Json): Part {
  const { operationId, requestBody, deprecated = false } = operation;
  const parameters = list(operation.parameters).map((parameter) => resolved(document, parameter));
  const parts: Parts = new Map(
    parameters.map((parameter) => [
      `: ${parameter.in} parameter ${parameter.name}`,
      parameterPart(parameter),
    ]),
  );
  if (requestBody !== undefined)
    parts.set(': request body', requestBodyPart(resolved(document, requestBody)));
  for (const [status, response] of entries(operation.responses))
    parts.set(`: response ${status}`, responsePart(document, resolved(document, response)));
  const alternatives = list(operation.security).map((schemes) =>
    [...entries(schemes).keys()].map(schemeName),
  );
  const security = new Set(alternatives.map((schemes) => schemes.toSorted().join(' + ') || 'none'));
  const facts = { operationId, deprecated, security: [...security].sort().join(' | ') || 'none' };
  return { facts, parts, refers: alternatives.flat().map(schemeTitle), optional: true };
}

function parameterPart(parameter: Json): Part {
  const { required = false, deprecated = false, content, schema } = parameter;
  const usualStyle = parameter.in === 'query' || parameter.in === 'cookie' ? 'form' : 'simple';
  const { style = usualStyle, explode = style === 'form' } = parameter;
  const parts =
    content === undefined ? new Map([['', schemaPart(canonical(schema))]]) : contentParts(content);
  return { facts: { required, deprecated, style, explode }, parts, optional: required !== true };
}

function requestBodyPart({ required = false, content }: Json): Part {
  return { facts: { required }, parts: contentParts(content), optional: required !== true };
}

function responsePart(document: Json, { headers, content }: Json): Part {
  const parts = contentParts(content);
  for (const [name, header] of entries(headers)) {
    const part = schemaPart(canonical(resolved(document, header).schema));
    parts.set(`: header ${name.toLowerCase()}`, { ...part, optional: true });
  }
  return { facts: {}, parts, optional: true };
}

/** The content type JSON is left out of reported lines. */
function contentParts(content: unknown): Parts {
  const parts: Parts = new Map();
  for (const [type, media] of entries(content)) {
    const part = { ...schemaPart(canonical(object(media).schema)), optional: true };
    if (type === 'application/json') parts.set('', { ...part, label: `content ${type}` });
    else parts.set(`: content ${type}`, part);
  }
  return parts;
}

export function componentParts({ components }: Json): Parts {
  const { schemas, securitySchemes } = object(components);
  const parts: Parts = new Map();
  for (const [name, schema] of entries(schemas)) parts.set(name, schemaPart(canonical(schema)));
  for (const [name, scheme] of entries(securitySchemes)) {
    const facts = without(object(scheme), 'description', 'bearerFormat');
    parts.set(schemeTitle(schemeName(name)), { facts, parts: new Map() });
  }
  return parts;
}

/** Published names have underscores instead of spaces: OpenAPI 3.1 allows no space in component names. */
function schemeName(name: string): string {
  return name.replaceAll('_', ' ');
}

/** Distinguishes a scheme from a schema of the same name. */
function schemeTitle(name: string): string {
  return `security scheme ${name}`;
}
