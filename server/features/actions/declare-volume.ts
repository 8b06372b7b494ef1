import { t } from '@vscode/l10n';
import { CodeActionKind } from 'vscode-languageserver';
import { type FieldPath, parsePath } from '../../documents/path.ts';
import { defaultNamespace } from '../../index/symbol.ts';
import { type Action, editsOf, offer, podOf } from './action.ts';

/** What a volume can be made of when there is an object of its name. */
const sources = {
  ConfigMap: (name: string) => ({ configMap: { name } }),
  Secret: (name: string) => ({ secret: { secretName: name } }),
  PersistentVolumeClaim: (claimName: string) => ({ persistentVolumeClaim: { claimName } }),
} as const;

/** Declares the volume that a mount names: from an object of that name where there is one, as a claim of a StatefulSet, or as an empty directory. */
export const declareVolume: Action = (context) => {
  const { object, known, index } = context;
  const pod = podOf(context);
  if (!pod) return [];
  return context.reported.flatMap(({ problem, diagnostic }) => {
    const path = parsePath(problem.path ?? '');
    if (problem.code !== 'rule' || !/^volume(Mounts|Devices)$/.test(String(path.at(-3))) || !/: Not found: /.test(problem.message))
      return [];
    const name = object.at(path).text;
    // One that is wrong itself is none to validation, but there already.
    const isDeclared = pod
      .get('spec', 'volumes')
      .items()
      .some((volume) => volume.get('name').text === name);
    if (!name || isDeclared) return [];
    const isDevice = path.at(-3) === 'volumeDevices';
    const namespace = object.get('metadata', 'namespace').text ?? defaultNamespace;
    const there = Object.entries(sources).filter(
      ([kind]) => (!isDevice || kind === 'PersistentVolumeClaim') && index.declared(kind, namespace, name).length > 0,
    );
    const declaring = (what: string, list: FieldPath, entry: unknown) => {
      const edits = editsOf(context);
      const title = t('Declare volume {0}: {1}', name, what);
      return edits.merge(list, [entry]) ? offer(context, title, CodeActionKind.QuickFix, edits, { diagnostics: [diagnostic] }) : [];
    };
    const volumes = [...pod.path, 'spec', 'volumes'];
    const claims = [...object.path, 'spec', 'volumeClaimTemplates'];
    return [
      ...there.flatMap(([kind, source]) => declaring(`${kind}/${name}`, volumes, { name, ...source(name) })),
      ...(known.kind === 'StatefulSet' ? declaring('volumeClaimTemplates', claims, claimOf(name, isDevice)) : []),
      ...(isDevice ? [] : declaring('emptyDir', volumes, { name, emptyDir: {} })),
    ];
  });
};

/** A claim that each pod gets for itself. */
function claimOf(name: string, isDevice: boolean) {
  const mode = isDevice ? { volumeMode: 'Block' } : {};
  return { metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], ...mode, resources: { requests: { storage: '1Gi' } } } };
}
