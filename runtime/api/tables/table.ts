import type { Json, KubeObject } from '../object.ts';
import { admissionregistrationPrinters } from './admissionregistration.ts';
import { appsPrinters } from './apps.ts';
import { autoscalingPrinters } from './autoscaling.ts';
import { batchPrinters } from './batch.ts';
import { certificatesPrinters } from './certificates.ts';
import { corePrinters } from './core.ts';
import { coreEventPrinters, eventPrinters } from './events.ts';
import { flowcontrolPrinters } from './flowcontrol.ts';
import { discoveryPrinters, networkingPrinters } from './networking.ts';
import {
  apiregistrationPrinters,
  coordinationPrinters,
  internalPrinters,
  nodeGroupPrinters,
  schedulingPrinters,
  storagemigrationPrinters,
} from './others.ts';
import { policyPrinters } from './policy.ts';
import {
  type ColumnDefinition,
  column,
  documented,
  nameColumn,
  nameOf,
  type Printer,
  type Printers,
  type RowCondition,
} from './printer.ts';
import { rbacPrinters } from './rbac.ts';
import { resourcePrinters } from './resource.ts';
import { storagePrinters } from './storage.ts';

const groups: Readonly<Record<string, Printers>> = {
  '': { ...corePrinters, ...coreEventPrinters },
  'admissionregistration.k8s.io': admissionregistrationPrinters,
  'apiregistration.k8s.io': apiregistrationPrinters,
  apps: appsPrinters,
  autoscaling: autoscalingPrinters,
  batch: batchPrinters,
  'certificates.k8s.io': certificatesPrinters,
  'coordination.k8s.io': coordinationPrinters,
  'discovery.k8s.io': discoveryPrinters,
  'events.k8s.io': eventPrinters,
  'flowcontrol.apiserver.k8s.io': flowcontrolPrinters,
  'internal.apiserver.k8s.io': internalPrinters,
  'networking.k8s.io': networkingPrinters,
  'node.k8s.io': nodeGroupPrinters,
  policy: policyPrinters,
  'rbac.authorization.k8s.io': rbacPrinters,
  'resource.k8s.io': resourcePrinters,
  'scheduling.k8s.io': schedulingPrinters,
  'storage.k8s.io': storagePrinters,
  'storagemigration.k8s.io': storagemigrationPrinters,
};

/** Kinds that nobody has made columns for are listed with the time they were created at, as upstream does. */
const defaultPrinter: Printer = {
  columns: [nameColumn, column('Created At', documented('meta.v1.ObjectMeta', 'creationTimestamp'), 'date')],
  cells: (object) => [nameOf(object), object.metadata?.creationTimestamp ?? null],
};

/** One row of a Table, without the object it is of. */
export interface TableRow {
  readonly cells: readonly Json[];
  readonly conditions?: readonly RowCondition[];
}

/** The parts of a `meta.k8s.io/v1` Table that depend on kind and objects. */
export interface TableParts<T extends KubeObject> {
  readonly columnDefinitions: readonly ColumnDefinition[];
  readonly rows: readonly TableRow[];
  /** What each row is of. */
  readonly objects: readonly T[];
}

/**
 * Lays objects out as kubectl shows them. Follows upstream's `pkg/printers/internalversion`, always with the columns of wide output: the
 * client leaves those out that it does not want.
 *
 * @param kind kind of the objects; its version does not matter
 * @param options.now milliseconds since 1970, for ages
 * @param printer how the kind is laid out; only kinds that are not built in bring their own
 */
export function tableFor<T extends KubeObject>(
  kind: { readonly group: string; readonly version: string; readonly kind: string },
  objects: readonly T[],
  options: { readonly now: number },
  printer = printerFor(kind),
): TableParts<T> {
  const { columns, cells, conditions, order } = printer;
  const listed = order === undefined ? objects : objects.toSorted(order);
  const rows = listed.map((object): TableRow => {
    const told = conditions?.(object) ?? [];
    return told.length === 0 ? { cells: cells(object, options.now) } : { cells: cells(object, options.now), conditions: told };
  });
  return { columnDefinitions: columns, rows, objects: listed };
}

function printerFor(kind: { readonly group: string; readonly kind: string }): Printer {
  const printers = Object.hasOwn(groups, kind.group) ? groups[kind.group] : undefined;
  const known = printers !== undefined && Object.hasOwn(printers, kind.kind) ? printers[kind.kind] : undefined;
  return known ?? defaultPrinter;
}
