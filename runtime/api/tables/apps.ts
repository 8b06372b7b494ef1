import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../generated/types/apps/v1.ts';
import { containerCells, containerColumns, labelsCell, selectorCell, selectorText } from './cells.ts';
import { ageColumn, ageOf, column, nameColumn, nameOf, type Printers, printer, wide } from './printer.ts';

const selectorColumn = wide('Selector', 'Labels of the pods that belong to it.');

function controllerCell(revision: ControllerRevision): string {
  const controller = revision.metadata?.ownerReferences?.find((owner) => owner.controller === true);
  if (controller === undefined) return '<none>';
  const slash = controller.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${controller.apiVersion.slice(0, slash)}`;
  return `${`${controller.kind}${group}`.toLowerCase()}/${controller.name}`;
}

export const appsPrinters: Printers = {
  Deployment: printer<Deployment>(
    [
      nameColumn,
      column('Ready', 'How many of the pods asked for are ready.'),
      column('Up-to-date', 'Number of pods of the newest template.'),
      column('Available', 'Number of pods that have been ready long enough.'),
      ageColumn,
      ...containerColumns,
      selectorColumn,
    ],
    (object, now) => [
      nameOf(object),
      `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`,
      object.status?.updatedReplicas ?? 0,
      object.status?.availableReplicas ?? 0,
      ageOf(object, now),
      ...containerCells(object.spec?.template.spec?.containers),
      selectorText(object.spec?.selector, '<invalid>'),
    ],
  ),
  ReplicaSet: printer<ReplicaSet>(
    [
      nameColumn,
      column('Desired', 'Number of pods asked for.', 'integer'),
      column('Current', 'Number of pods there are.', 'integer'),
      column('Ready', 'Number of pods that are ready.', 'integer'),
      ageColumn,
      ...containerColumns,
      selectorColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.spec?.replicas ?? 0,
      object.status?.replicas ?? 0,
      object.status?.readyReplicas ?? 0,
      ageOf(object, now),
      ...containerCells(object.spec?.template?.spec?.containers),
      selectorCell(object.spec?.selector),
    ],
  ),
  StatefulSet: printer<StatefulSet>(
    [nameColumn, column('Ready', 'How many of the pods asked for are ready.'), ageColumn, ...containerColumns],
    (object, now) => [
      nameOf(object),
      `${object.status?.readyReplicas ?? 0}/${object.spec?.replicas ?? 0}`,
      ageOf(object, now),
      ...containerCells(object.spec?.template.spec?.containers),
    ],
  ),
  DaemonSet: printer<DaemonSet>(
    [
      nameColumn,
      column('Desired', 'Number of nodes that should run the pod.', 'integer'),
      column('Current', 'Number of nodes that should run the pod and have it.', 'integer'),
      column('Ready', 'Number of nodes on which the pod is ready.', 'integer'),
      column('Up-to-date', 'Number of nodes with a pod of the newest template.', 'integer'),
      column('Available', 'Number of nodes on which the pod has been ready long enough.', 'integer'),
      column('Node Selector', 'Labels a node must have.'),
      ageColumn,
      ...containerColumns,
      selectorColumn,
    ],
    (object, now) => [
      nameOf(object),
      object.status?.desiredNumberScheduled ?? 0,
      object.status?.currentNumberScheduled ?? 0,
      object.status?.numberReady ?? 0,
      object.status?.updatedNumberScheduled ?? 0,
      object.status?.numberAvailable ?? 0,
      labelsCell(object.spec?.template.spec?.nodeSelector),
      ageOf(object, now),
      ...containerCells(object.spec?.template.spec?.containers),
      selectorCell(object.spec?.selector),
    ],
  ),
  ControllerRevision: printer<ControllerRevision>(
    [nameColumn, column('Controller', 'Object the revision is of.'), column('Revision', 'Number of the revision.'), ageColumn],
    (object, now) => [nameOf(object), controllerCell(object), object.revision, ageOf(object, now)],
  ),
};
