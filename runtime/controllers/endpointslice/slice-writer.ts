import { jsonEqual } from '../../api/equality.ts';
import type { EndpointSlice } from '../../api/generated/types/discovery/v1.ts';
import type { OwnerReference } from '../../api/generated/types/meta/v1.ts';
import { isReason } from '../../client/client.ts';
import type { Informer } from '../../client/informer.ts';
import { joinKey, nameOf, namespaceOf, splitKey } from '../../client/object-key.ts';
import { endpointSlices } from '../../client/resources.ts';
import type { ControllerContext } from '../common/context.ts';
import type { AddressType, EndpointGroup } from './desired-endpoints.ts';
import { planSlices } from './slice-plan.ts';

export const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
/** After this long the cache is believed, whatever it has missed, in milliseconds. */
const patience = 10_000;

/** What all slices of one service have in common. */
export interface SliceFrame {
  readonly owner: OwnerReference;
  readonly labels: Readonly<Record<string, string>>;
  /** Given to slices as they are written. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether slices bear these annotations and no others, and are written when theirs differ. */
  readonly exact?: boolean;
}

/** Writes the slices of services for one manager, by service key. */
export interface SliceWriter {
  readonly informer: Informer<EndpointSlice>;
  /** The key of the service a slice of this manager belongs to. */
  serviceOf(slice: EndpointSlice): string | undefined;
  /** Whether the cache does not show yet what was written last, so that a plan would be made on the wrong ground. */
  isStale(service: string): boolean;
  /** Brings the service's slices to what they should hold; see {@link planSlices}. Throws what the server answers. */
  apply(service: string, frame: SliceFrame, desired: ReadonlyMap<string, EndpointGroup>, families: readonly AddressType[]): Promise<void>;
}

export function createSliceWriter({ client, informers, clock }: ControllerContext, manager: string): SliceWriter {
  const informer = informers.for(endpointSlices);
  const resource = client.resource(endpointSlices);
  const index = `service of ${manager}`;
  /** What was written of a service, by slice name: the version it has to show, or that it has to be gone. */
  const written = new Map<string, Map<string, { readonly version: number | undefined; readonly at: number }>>();

  const serviceOf = (slice: EndpointSlice) => {
    const { labels } = slice.metadata ?? {};
    const service = labels?.[serviceNameLabel];
    return service === undefined || labels?.[managedByLabel] !== manager ? undefined : joinKey(namespaceOf(slice), service);
  };
  informer.addIndex(index, (slice) => {
    const service = serviceOf(slice);
    return service === undefined ? [] : [service];
  });
  const mark = (service: string, slice: EndpointSlice, version: number | undefined) => {
    const marks = written.get(service) ?? new Map();
    marks.set(nameOf(slice), { version, at: clock.now() });
    written.set(service, marks);
  };
  const wrote = (service: string, slice: EndpointSlice) => mark(service, slice, Number(slice.metadata?.resourceVersion));

  return {
    informer,
    serviceOf,
    isStale(service) {
      const marks = written.get(service);
      if (marks === undefined) return false;
      for (const [name, { version, at }] of marks) {
        const cached = informer.lister.get(splitKey(service).namespace, name);
        const shown = version === undefined ? cached === undefined : Number(cached?.metadata?.resourceVersion ?? -1) >= version;
        if (shown || clock.now() - at > patience) marks.delete(name);
      }
      if (marks.size === 0) written.delete(service);
      return marks.size > 0;
    },
    async apply(service, frame, desired, families) {
      const existing = informer.lister.byIndex(index, service).filter((slice) => slice.metadata?.deletionTimestamp === undefined);
      const plan = planSlices(desired, existing, families);
      const { namespace, name } = splitKey(service);
      const labels = { ...frame.labels, [managedByLabel]: manager, [serviceNameLabel]: name };
      const { annotations, exact = false } = frame;
      const isFramed = ({ metadata }: EndpointSlice) =>
        jsonEqual(metadata?.labels, labels) && (!exact || jsonEqual(metadata?.annotations ?? {}, annotations));
      for (const { group, endpoints } of plan.create) {
        const metadata = { generateName: `${name}-`, namespace, labels, annotations, ownerReferences: [frame.owner] };
        wrote(service, await resource.create({ metadata, addressType: group.addressType, endpoints, ports: [...group.ports] }));
      }
      const changed = new Map(plan.update.map(({ slice, endpoints }) => [slice, endpoints]));
      for (const slice of existing) {
        const endpoints = changed.get(slice);
        if (plan.remove.includes(slice) || (endpoints === undefined && isFramed(slice))) continue;
        const metadata = {
          ...slice.metadata,
          labels,
          annotations: exact ? annotations : { ...slice.metadata?.annotations, ...annotations },
        };
        wrote(service, await resource.update({ ...slice, metadata, ...(endpoints === undefined ? {} : { endpoints }) }));
      }
      for (const slice of plan.remove) {
        try {
          await resource.delete(nameOf(slice), namespaceOf(slice));
        } catch (error) {
          if (!isReason(error, 'NotFound')) throw error;
        }
        mark(service, slice, undefined);
      }
    },
  };
}
