import { t } from '@vscode/l10n';
import type { Rule } from './rule.ts';

/** Volumes that no container mounts. That a mounted one is not declared, the API server says itself. */
export const unusedVolume: Rule = {
  id: 'unused-volume',
  title: 'Volume that no container mounts',
  why: 'A pod waits for all its volumes before it starts, for those too that nothing uses.',
  severity: 'hint',
  scope: 'object',
  check({ object, facts, pod, containers }) {
    const used = new Set(
      containers.flatMap((container) =>
        [...container.get('volumeMounts').items(), ...container.get('volumeDevices').items()].map((mount) => mount.get('name').text),
      ),
    );
    const claims = object.get('spec', 'volumeClaimTemplates').items();
    const names = [
      ...(pod?.get('spec', 'volumes').items() ?? []).map((volume) => volume.get('name')),
      ...(facts.kind === 'StatefulSet' ? claims : []).map((claim) => claim.get('metadata', 'name')),
    ];
    return names.flatMap((name) => {
      return name.text === undefined || used.has(name.text)
        ? []
        : [{ at: name, message: t('No container mounts volume "{0}"', name.text) }];
    });
  },
};
