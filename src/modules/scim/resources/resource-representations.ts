import type { Shape } from '../protocol/attribute.js';
import { type ListRequest, listResponse } from '../protocol/list.js';
import { type Projection, readProjection } from '../protocol/projection.js';
import type { Resource } from '../protocol/resource.js';
import { ResourceRepresentation } from './resource-representation.js';

type AttributeSelection = Pick<ListRequest, 'attributes' | 'excludedAttributes'>;
type Page<Row> = { readonly rows: readonly Row[]; readonly total: number };

/** Representations of rows of one resource type, with the attributes that the client asked for. */
export class ResourceRepresentations<Row> {
  constructor(
    private readonly shape: Shape,
    private readonly toResource: (row: Row, base: string) => Resource,
  ) {}

  /** Called before anything is changed. @throws ScimError if the attribute selection is invalid. */
  projectionOf({ attributes, excludedAttributes }: AttributeSelection): Projection {
    return readProjection(this.shape, attributes, excludedAttributes);
  }

  one(row: Row, base: string, projection: Projection): ResourceRepresentation {
    return ResourceRepresentation.of(this.shape, this.toResource(row, base), projection);
  }

  list({ rows, total }: Page<Row>, base: string, projection: Projection, startIndex: number): Resource {
    const bodies = rows.map((row) => this.one(row, base, projection).body);
    return listResponse(bodies, { totalResults: total, startIndex });
  }
}
