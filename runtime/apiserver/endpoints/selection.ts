import { type FieldSelector, fieldSelectorOf, parseFieldSelector, parseLabelSelector, type Selector } from '../../api/selectors/index.ts';
import { badRequest } from '../../api/status.ts';
import type { Entry } from '../../store/store.ts';
import { learnServed } from '../registry/converted.ts';
import type { EntryCache } from '../registry/entry-cache.ts';
import type { Resource } from '../registry/resource.ts';

/** The label and field selectors of a list, watch or collection deletion. */
export class Selection {
  /** Whether everything is selected. */
  readonly everything: boolean;
  private readonly labels: Selector;
  private readonly fields: FieldSelector;
  /** What the key of the one name ends with that is selected; empty when several may be. */
  private readonly ending: string;

  private constructor(labels: Selector, fields: FieldSelector) {
    this.labels = labels;
    this.fields = fields;
    this.everything = labels.empty && fields.empty;
    const name = selectedName(fields);
    this.ending = name === undefined ? '' : `/${name}`;
  }

  /** Reads `labelSelector` and `fieldSelector`. Throws 400 for what cannot be read and for fields the kind does not select by. */
  static of(resource: Resource, query: URLSearchParams, name = ''): Selection {
    const labels = attempt(() => parseLabelSelector(query.get('labelSelector') ?? ''));
    let fields = knownFields(
      resource,
      attempt(() => parseFieldSelector(query.get('fieldSelector') ?? '')),
    );
    if (name !== '') {
      // A watch of one object by the old path takes no other selector of fields.
      if (!fields.empty && selectedName(fields) !== name) throw badRequest("fieldSelector metadata.name doesn't match requested name");
      const byName = { field: 'metadata.name', operator: '=', value: name } as const;
      fields = fieldSelectorOf([...fields.requirements, byName]);
    }
    return new Selection(labels, fields);
  }

  /** Whether it looks at fields that a converter may have to bring into the served version first. */
  needsConversion({ converter }: Resource): boolean {
    return (
      converter !== undefined && this.fields.requirements.some(({ field }) => field !== 'metadata.name' && field !== 'metadata.namespace')
    );
  }

  /** To be waited for before entries are asked whether they match. */
  async prepare(resource: Resource, cache: EntryCache, entries: readonly Entry[]): Promise<void> {
    if (this.needsConversion(resource)) await learnServed(cache, resource, entries);
  }

  matches(resource: Resource, cache: EntryCache, entry: Entry): boolean {
    if (this.everything) return true;
    // Objects of other names need not be looked into.
    if (!entry.key.endsWith(this.ending)) return false;
    const { labels, fields } = cache.attributesOf(resource, entry);
    return this.labels.matches(labels) && this.fields.matches(fields);
  }

  /** The one name that is selected, when the selector says so; lets a list read one key in place of all. */
  get name(): string | undefined {
    return selectedName(this.fields);
  }
}

function selectedName({ requirements }: FieldSelector): string | undefined {
  return requirements.find(({ field, operator }) => field === 'metadata.name' && operator === '=')?.value;
}

function attempt<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
}

function knownFields(resource: Resource, selector: FieldSelector): FieldSelector {
  if (selector.empty) return selector;
  const { selectable } = resource.strategy;
  const requirements = selector.requirements
    .filter(({ field, value }) => field !== '' || value !== '')
    .map((requirement) => {
      const asked = requirement.field;
      const alias = selectable?.aliases?.[asked];
      const isOfAll = asked === 'metadata.name' || (asked === 'metadata.namespace' && !selectable?.withoutNamespace);
      if (alias === undefined && !isOfAll && !selectable?.names.includes(asked)) {
        throw badRequest(
          selectable?.unknown(asked, resource.kind) ??
            `${JSON.stringify(asked)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
        );
      }
      const field = alias ?? asked;
      return field === requirement.field ? requirement : { ...requirement, field };
    });
  return fieldSelectorOf(requirements);
}
