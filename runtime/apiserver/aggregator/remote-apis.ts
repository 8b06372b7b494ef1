import type { APIService } from '../../api/generated/types/apiregistration/v1.ts';
import type { Priority } from '../../api/kinds/group-priorities.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { ServiceReference } from '../services/resolver.ts';

const group = 'apiregistration.k8s.io';
const plural = 'apiservices';

export interface GroupVersionName {
  readonly group: string;
  readonly version: string;
}

/** What an APIService says of the place of its group version, and whether others serve it. */
export interface Registration extends GroupVersionName {
  readonly name: string;
  readonly priority: Priority;
  readonly isRemote: boolean;
}

/** A group version that an APIService leaves to a server behind a service. */
export interface RemoteApi extends GroupVersionName {
  /** Of the APIService: `v1beta1.metrics.k8s.io`. */
  readonly name: string;
  readonly service: ServiceReference;
  /** Who may have signed the server's certificate, in base64 of PEM; empty: whom the host trusts. */
  readonly caBundle: string;
  readonly isInsecure: boolean;
  /** Whether the server has answered when it was asked last. */
  readonly isAvailable: boolean;
}

/** Which group versions others are to serve, whether or not this server serves them, too. */
export class RemoteApis {
  private readonly reader: ObjectReader;

  constructor(reader: ObjectReader) {
    this.reader = reader;
  }

  find({ group: ofGroup, version }: GroupVersionName): RemoteApi | undefined {
    return version === '' ? undefined : this.named(`${version}.${ofGroup}`);
  }

  /** By the name of the APIService. */
  named(name: string): RemoteApi | undefined {
    const apiService = this.reader.get(group, plural, '', name);
    return apiService && remoteApi(apiService);
  }

  /** Whether each of all APIServices is available, those of this server's own among them. */
  availability(): readonly { readonly name: string; readonly isAvailable: boolean }[] {
    return this.reader.list(group, plural).map((object) => ({ name: object.metadata.name ?? '', isAvailable: isAvailable(object) }));
  }

  /** Of all APIServices. */
  registrations(): readonly Registration[] {
    return this.reader.list(group, plural).map((object) => {
      const { spec } = object as unknown as APIService;
      return {
        name: object.metadata.name ?? '',
        group: spec?.group ?? '',
        version: spec?.version ?? '',
        priority: { group: spec?.groupPriorityMinimum ?? 0, version: spec?.versionPriority ?? 0 },
        isRemote: spec?.service !== undefined,
      };
    });
  }
}

function remoteApi(object: ApiObject): RemoteApi | undefined {
  // Stored objects have the structure of their definitions.
  const { spec } = object as unknown as APIService;
  if (spec?.service === undefined) return undefined;
  const { namespace = '', name = '', port = 443 } = spec.service;
  return {
    name: object.metadata.name ?? '',
    group: spec.group ?? '',
    version: spec.version ?? '',
    service: { namespace, name, port },
    caBundle: spec.caBundle ?? '',
    isInsecure: spec.insecureSkipTLSVerify ?? false,
    isAvailable: isAvailable(object),
  };
}

function isAvailable(object: ApiObject): boolean {
  const { status } = object as unknown as APIService;
  return status?.conditions?.some((condition) => condition.type === 'Available' && condition.status === 'True') ?? false;
}
