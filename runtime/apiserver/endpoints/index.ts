import type { ApiRequest } from '../api-request.ts';
import type { Authenticator } from '../authentication/authenticator.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { Endpoint, Endpoints } from '../dispatch.ts';
import type { Core } from '../registry/core.ts';
import type { UpdateOptions } from '../registry/update.ts';
import { type ComponentCheck, componentStatusesEndpoint } from './component-statuses.ts';
import { getObject } from './get.ts';
import { patchEndpoint } from './patch.ts';
import { reviewEndpoints } from './reviews/reviews.ts';
import { bindingEndpoint } from './subresources/binding.ts';
import { type KubeletConnection, podConnectEndpoint, proxyEndpoint } from './subresources/connect.ts';
import { evictionEndpoint } from './subresources/eviction.ts';
import { approval, ephemeralContainers, finalize, resize } from './subresources/parts.ts';
import { scaleEndpoint } from './subresources/scale.ts';
import { type TokenIssuer, tokenEndpoint } from './subresources/token.ts';
import { updateEndpoint } from './update.ts';

/** What the endpoints of built-in kinds need beyond the objects. */
export interface EndpointParts {
  readonly core: Core;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly components: readonly ComponentCheck[];
  readonly tokenIssuer: TokenIssuer | undefined;
  readonly kubelets: KubeletConnection | undefined;
}

/** The endpoints of built-in kinds beyond the verbs on stored objects. */
export function builtinEndpoints({ core, authenticator, authorizer, components, tokenIssuer, kubelets }: EndpointParts): Endpoints {
  const part = (options: Partial<UpdateOptions> = {}): Endpoint => {
    return (request: ApiRequest) => {
      if (request.info.verb === 'get') return getObject(core, request);
      return request.info.verb === 'patch' ? patchEndpoint(core, request, options) : updateEndpoint(core, request, options);
    };
  };
  const podConnect: Endpoint = (request) => podConnectEndpoint(core, request, kubelets);
  const proxy: Endpoint = (request) => proxyEndpoint(core, request, kubelets);
  const binding: Endpoint = (request) => bindingEndpoint(core, request);
  return {
    kinds: {
      ...reviewEndpoints(core, authenticator, authorizer),
      '/bindings': binding,
      '/componentstatuses': componentStatusesEndpoint(components, () => core.clock.now()),
    },
    subresources: {
      status: part(),
      scale: (request) => scaleEndpoint(core, request),
      '/namespaces/finalize': part(finalize),
      '/pods/binding': binding,
      '/pods/eviction': (request) => evictionEndpoint(core, request),
      '/pods/ephemeralcontainers': part(ephemeralContainers),
      '/pods/resize': part(resize),
      '/pods/log': podConnect,
      '/pods/exec': podConnect,
      '/pods/attach': podConnect,
      '/pods/portforward': podConnect,
      '/pods/proxy': proxy,
      '/services/proxy': proxy,
      '/nodes/proxy': proxy,
      '/serviceaccounts/token': (request) => tokenEndpoint(core, request, tokenIssuer),
      'certificates.k8s.io/certificatesigningrequests/approval': part(approval),
    },
  };
}
