import { randomUUID } from 'node:crypto';

/** An attribute as `/Schemas` describes it. */
export type PublishedAttribute = {
  name: string;
  type: string;
  multiValued: boolean;
  required: boolean;
  mutability: string;
  canonicalValues?: string[];
  referenceTypes?: string[];
  subAttributes?: PublishedAttribute[];
};

export type PublishedSchema = { id: string; name: string; attributes: PublishedAttribute[] };

/** A user to refer to. */
export type ReferredUser = { id: string; location: string };

/** The values that generic clients send: they follow the published schema, and know only that an e-mail is an address. */
export class SchemaValues {
  constructor(private readonly user: ReferredUser) {}

  /** Of attributes that a client can set. */
  writable(attributes: readonly PublishedAttribute[]): PublishedAttribute[] {
    return attributes.filter(({ mutability }) => mutability !== 'readOnly');
  }

  object(attributes: readonly PublishedAttribute[], parent = ''): Record<string, unknown> {
    return Object.fromEntries(this.writable(attributes).map((one) => [one.name, this.of(one, parent)]));
  }

  of(attribute: PublishedAttribute, parent = ''): unknown {
    const value = this.single(attribute, parent);
    return attribute.multiValued ? [value] : value;
  }

  private single({ name, type, subAttributes, ...more }: PublishedAttribute, parent: string): unknown {
    if (type === 'complex') return this.object(subAttributes ?? [], name);
    if (type === 'boolean') return true;
    if (type === 'binary') return Buffer.from(randomUUID()).toString('base64');
    if (type === 'reference' && more.referenceTypes?.includes('User')) return this.user.location;
    if (type === 'reference') return `https://${randomUUID()}.test`;
    if (name === 'value' && ['members', 'manager'].includes(parent)) return this.user.id;
    if (name === 'value' && parent === 'emails') return `${randomUUID()}@example.com`;
    return more.canonicalValues?.[0] ?? randomUUID();
  }
}
