import type { FlowSchema, FlowSchemaSpec } from '../../api/generated/types/flowcontrol/v1.ts';
import type { Store } from '../../store/store.ts';
import type { User } from '../authentication/user.ts';
import { isLongRunning } from '../filters/in-flight.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import type { RequestInfo } from '../request-info.ts';
import { isOfSchema } from './matching.ts';

/** How a request is classified: the schema that describes it, and that one's level of priority, by their uids. */
export interface FlowClass {
  readonly schema: string;
  readonly level: string;
}

interface Classifying extends FlowClass {
  readonly spec: FlowSchemaSpec;
}

const apiGroup = 'flowcontrol.apiserver.k8s.io';

/**
 * The schemas that requests are classified by, read anew when they, or levels of priority, have changed. Answers are not remembered: to make a key of
 * all that they depend on takes as long as to find them. Follows upstream's `apf_controller`.
 */
export class FlowSchemas {
  readonly #reader: ObjectReader;
  #inOrder: readonly Classifying[] | undefined;

  constructor(store: Store, resources: ResourceTable, reader: ObjectReader) {
    this.#reader = reader;
    for (const plural of ['flowschemas', 'prioritylevelconfigurations']) {
      const resource = resources.findAnyVersion(apiGroup, plural);
      if (resource === undefined) continue;
      const forget = () => {
        this.#inOrder = undefined;
      };
      // A store that has failed or was closed answers no request either.
      store.watch(resource.prefixIn(''), store.revision, forget).catch(() => {});
    }
  }

  /** The first schema that describes a request; `undefined` when none does, or when it may stay open and is no watch: such ones are not classified. */
  classOf(info: RequestInfo, user: User): FlowClass | undefined {
    if (isLongRunning(info) && info.verb !== 'watch') return undefined;
    this.#inOrder ??= this.#read();
    return this.#inOrder.find(({ spec }) => isOfSchema(spec, info, user));
  }

  #read(): readonly Classifying[] {
    const levels = new Map<string, string>();
    for (const { metadata } of this.#reader.list(apiGroup, 'prioritylevelconfigurations'))
      levels.set(metadata.name ?? '', metadata.uid ?? '');
    const schemas = this.#reader.list(apiGroup, 'flowschemas') as readonly FlowSchema[];
    return schemas
      .flatMap(({ metadata, spec }) => {
        const level = spec && levels.get(spec.priorityLevelConfiguration.name);
        return spec === undefined || level === undefined ? [] : { name: metadata?.name ?? '', schema: metadata?.uid ?? '', level, spec };
      })
      .sort((a, b) => precedenceOf(a.spec) - precedenceOf(b.spec) || (a.name < b.name ? -1 : 1));
  }
}

function precedenceOf({ matchingPrecedence = 0 }: FlowSchemaSpec): number {
  return matchingPrecedence;
}
