import { ensureDict } from '../api-object.ts';
import type { Strategy } from '../strategy.ts';

/** Rules of `pkg/registry/core/persistentvolume`: a volume tells since when it is in its phase. */
export const persistentVolumeStrategy: Strategy = {
  returnsDeleted: true,
  prepareForCreate(volume) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: volume.metadata.creationTimestamp };
  },
  prepareForStatusUpdate(volume, old, now) {
    const status = ensureDict(volume, 'status');
    const before = ensureDict(old, 'status');
    const since = status.lastPhaseTransitionTime;
    if (status.phase === before.phase) {
      if (since === undefined && before.lastPhaseTransitionTime !== undefined) {
        volume.status = { ...status, lastPhaseTransitionTime: before.lastPhaseTransitionTime };
      }
    } else if (since === undefined || since === before.lastPhaseTransitionTime) {
      volume.status = { ...status, lastPhaseTransitionTime: now };
    }
  },
};
