import type { Shape } from '../protocol/attribute.js';
import { project, type Projection } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';

type Meta = { location: string; version: string };

/**
 * A resource as the client asked for it, with the values of its headers, which are sent whether `meta` is returned or
 * not (RFC 7644, sections 3.3 and 3.14).
 */
export class ResourceRepresentation {
  constructor(
    readonly body: Resource,
    readonly location: string,
    readonly etag: string,
  ) {}

  static of(shape: Shape, resource: Resource, projection: Projection): ResourceRepresentation {
    const { location, version } = resource.meta as Meta;
    return new ResourceRepresentation(project(shape, resource, projection), location, version);
  }
}
