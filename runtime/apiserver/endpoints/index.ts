import type { Endpoints } from '../dispatch.ts';
import type { Core } from '../registry/core.ts';
import { getObject } from './get.ts';
import { patchEndpoint } from './patch.ts';
import { updateEndpoint } from './update.ts';

/** The endpoints of built-in kinds beyond the verbs on stored objects. */
export function builtinEndpoints(core: Core): Endpoints {
  return {
    kinds: {},
    subresources: {
      status: (request) => {
        if (request.info.verb === 'get') return getObject(core, request);
        return request.info.verb === 'patch' ? patchEndpoint(core, request) : updateEndpoint(core, request);
      },
    },
  };
}
