import { ensureDict } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';
import { notSupportedLabel, selectableByPath } from './selectable.ts';

/** Rules of `pkg/registry/certificates`: who asks is written down by the server, and no update changes what was asked. */
export const certificateSigningRequestStrategy: Strategy = {
  selectable: selectableByPath(['spec.signerName'], notSupportedLabel),
  prepareForCreate(request, user) {
    const spec = ensureDict(request, 'spec');
    spec.username = user.name;
    spec.groups = [...user.groups];
    if (user.uid) spec.uid = user.uid;
    else delete spec.uid;
    if (user.extra) spec.extra = Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]]));
    else delete spec.extra;
  },
  prepareForUpdate(request, old) {
    request.spec = old.spec;
  },
};
