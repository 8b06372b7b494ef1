import { addressOfService } from '../../api/ip-address.ts';
import type { Change } from '../../store/store.ts';
import { type ApiObject, arrayAt, isDict, stringAt } from './api-object.ts';
import type { ObjectReader } from './object-reader.ts';
import type { ObjectWriter } from './object-writer.ts';

const group = 'networking.k8s.io';
const addresses = 'ipaddresses';

/** Keeps the IPAddress objects of services: they come and go with the services, in the same commits. */
export class ServiceAddresses {
  private readonly reader: ObjectReader;
  private readonly writer: ObjectWriter;

  constructor(reader: ObjectReader, writer: ObjectWriter) {
    this.reader = reader;
    this.writer = writer;
  }

  /** The names of all addresses that are somebody's. */
  names(): readonly string[] {
    return this.reader.list(group, addresses).map(({ metadata }) => metadata.name ?? '');
  }

  /** The networks from which services get addresses now: those of ServiceCIDRs that are ready and stay. `usual` counts while there is no ServiceCIDR at all. */
  networks(usual: string): readonly string[] {
    const all = this.reader.list(group, 'servicecidrs');
    if (all.length === 0) return [usual];
    const usable = all.filter((range) => range.metadata.deletionTimestamp === undefined && isReady(range));
    return usable.flatMap((range) => arrayAt(range, 'spec', 'cidrs').map(String));
  }

  /** The change that makes the IPAddress of an address of a service. */
  made(address: string, { metadata: { name = '', namespace = '' } }: ApiObject): Change {
    return this.writer.creation(group, addresses, addressOfService(address, { namespace, name }));
  }

  /** The change that removes the IPAddress of an address; none when there is none. */
  removed(address: string): readonly Change[] {
    return this.writer.removal(group, addresses, '', address);
  }
}

/** A range of which nobody has said anything yet counts as ready, as upstream takes it. */
function isReady(range: ApiObject): boolean {
  const condition = arrayAt(range, 'status', 'conditions').find((each) => isDict(each) && each.type === 'Ready');
  return !isDict(condition) || stringAt(condition, 'status') === 'True';
}
