import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../generated/types/apps/v1.ts';
import { containerCells, containerColumns, labelsCell, selectorCell, selectorText } from './cells.ts';
import {
  ageColumn,
  ageOf,
  type ColumnDefinition,
  column,
  documented,
  nameColumn,
  nameOf,
  type Printers,
  printer,
  wide,
} from './printer.ts';

const selectorColumn = (type: string): ColumnDefinition => wide('Selector', documented(`apps.v1.${type}Spec`, 'selector'));

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
      column('Ready', 'Number of the pod with ready state'),
      column('Up-to-date', documented('apps.v1.DeploymentStatus', 'updatedReplicas')),
      column('Available', documented('apps.v1.DeploymentStatus', 'availableReplicas')),
      ageColumn,
      ...containerColumns,
      selectorColumn('Deployment'),
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
      column('Desired', documented('apps.v1.ReplicaSetSpec', 'replicas'), 'integer'),
      column('Current', documented('apps.v1.ReplicaSetStatus', 'replicas'), 'integer'),
      column('Ready', documented('apps.v1.ReplicaSetStatus', 'readyReplicas'), 'integer'),
      ageColumn,
      ...containerColumns,
      selectorColumn('ReplicaSet'),
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
    [nameColumn, column('Ready', 'Number of the pod with ready state'), ageColumn, ...containerColumns],
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
      column('Desired', documented('apps.v1.DaemonSetStatus', 'desiredNumberScheduled'), 'integer'),
      column('Current', documented('apps.v1.DaemonSetStatus', 'currentNumberScheduled'), 'integer'),
      column('Ready', documented('apps.v1.DaemonSetStatus', 'numberReady'), 'integer'),
      column('Up-to-date', documented('apps.v1.DaemonSetStatus', 'updatedNumberScheduled'), 'integer'),
      column('Available', documented('apps.v1.DaemonSetStatus', 'numberAvailable'), 'integer'),
      column('Node Selector', documented('core.v1.PodSpec', 'nodeSelector')),
      ageColumn,
      ...containerColumns,
      selectorColumn('DaemonSet'),
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
    [
      nameColumn,
      column('Controller', 'Controller of the object'),
      column('Revision', documented('apps.v1.ControllerRevision', 'revision')),
      ageColumn,
    ],
    (object, now) => [nameOf(object), controllerCell(object), object.revision, ageOf(object, now)],
  ),
};
