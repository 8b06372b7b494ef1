import type { Kind, Verb } from '../../api/kinds/kind.ts';
import type { Subject } from '../../api/status.ts';
import type { ApiObject } from './api-object.ts';
import type { Converter } from './converter.ts';
import { StoredForm } from './stored-form.ts';
import type { Strategy } from './strategy.ts';

/** Translates between the version a client uses and the stored one. Both give new objects. */
export interface Conversion {
  toStored(object: ApiObject): ApiObject;
  fromStored(object: ApiObject): ApiObject;
  /** Objects are judged by the rules of the version they are sent in, not by those of the stored one. */
  readonly judgesServed?: boolean;
}

export interface ResourceOptions {
  /** The version that is served. */
  readonly kind: Kind;
  /** The version that is stored. */
  readonly stored: Kind;
  readonly strategy: Strategy;
  readonly conversion?: Conversion;
  /** Converts in place of `conversion`; writes then work on objects of the served version. */
  readonly converter?: Converter | undefined;
  /** Where the objects stand in the store, `/registry/pods/`. */
  readonly prefix: string;
  /** Whether objects in lists carry apiVersion and kind, as those of custom resources do. */
  readonly typedItems?: boolean;
}

/** A kind as it is served: its names, its place in the store, its rules. */
export class Resource {
  readonly kind: Kind;
  readonly stored: Kind;
  readonly strategy: Strategy;
  readonly conversion: Conversion | undefined;
  readonly converter: Converter | undefined;
  readonly prefix: string;
  readonly form: StoredForm;
  readonly typedItems: boolean;
  readonly hasStatus: boolean;
  /** Names the resource in failures: group and plural. */
  readonly subject: Subject;
  /** Names the kind in failures of validation: group and kind. */
  readonly kindSubject: Subject;
  private readonly verbs: ReadonlySet<Verb>;
  private retirement = new AbortController();

  constructor(options: ResourceOptions) {
    this.kind = options.kind;
    this.stored = options.stored;
    this.strategy = options.strategy;
    this.conversion = options.conversion;
    this.converter = options.converter;
    this.prefix = options.prefix;
    this.form = new StoredForm(options.stored);
    this.typedItems = options.typedItems ?? false;
    this.hasStatus = options.kind.subresources.some(({ name }) => name === 'status');
    this.subject = { group: options.stored.group, resource: options.kind.plural };
    this.kindSubject = { group: options.stored.group, resource: options.kind.kind };
    this.verbs = new Set(options.kind.verbs);
  }

  /** Whether the kind was defined while the cluster runs. */
  get isCustom(): boolean {
    return this.kind.read !== undefined;
  }

  /** Aborted when the resource is no longer served, or is served in another way. */
  get retired(): AbortSignal {
    return this.retirement.signal;
  }

  /** Ends what is going on with the resource, such as watches. */
  retire(): void {
    this.retirement.abort();
  }

  /** Takes the place of another one without ending what is going on with it. */
  succeed(former: Resource): void {
    this.retirement = former.retirement;
  }

  supports(verb: Verb): boolean {
    return this.verbs.has(verb);
  }

  /** The prefix of all keys, or of those in one namespace. */
  prefixIn(namespace: string): string {
    return this.kind.namespaced && namespace !== '' ? `${this.prefix}${namespace}/` : this.prefix;
  }

  keyOf(namespace: string, name: string): string {
    return this.prefixIn(namespace) + name;
  }

  /** The version by whose rules objects are judged. */
  get judgedKind(): Kind {
    return this.conversion?.judgesServed ? this.kind : this.stored;
  }

  /** A stored object in the version by whose rules it is judged. */
  judged(object: ApiObject): ApiObject {
    return this.conversion?.judgesServed ? this.conversion.fromStored(object) : object;
  }

  /** Translates an object of the served version into the stored one. */
  toStored(object: ApiObject): ApiObject {
    return this.conversion === undefined ? object : this.conversion.toStored(object);
  }
}
