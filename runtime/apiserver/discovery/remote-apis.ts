import { stringAt, valueAt } from '../registry/api-object.ts';
import type { ObjectReader } from '../registry/object-reader.ts';

const group = 'apiregistration.k8s.io';

/** A group version that an APIService leaves to a server behind a service. */
export interface RemoteApi {
  readonly group: string;
  readonly version: string;
}

/** Which group versions others are to serve, whether or not this server serves them, too. */
export class RemoteApis {
  private readonly reader: ObjectReader;

  constructor(reader: ObjectReader) {
    this.reader = reader;
  }

  has({ group: ofGroup, version }: RemoteApi): boolean {
    const apiService = version === '' ? undefined : this.reader.get(group, 'apiservices', '', `${version}.${ofGroup}`);
    return valueAt(apiService, 'spec', 'service') !== undefined;
  }

  list(): readonly RemoteApi[] {
    return this.reader
      .list(group, 'apiservices')
      .filter((apiService) => valueAt(apiService, 'spec', 'service') !== undefined)
      .map((apiService) => ({ group: stringAt(apiService, 'spec', 'group'), version: stringAt(apiService, 'spec', 'version') }));
  }
}
