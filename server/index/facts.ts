import type { Range } from 'vscode-languageserver';
import type { FieldPath } from '../documents/path.ts';
import type { SharedName } from './symbol.ts';

export type Labels = Readonly<Record<string, string>>;

/** A place where a symbol stands. Lines count from the document's first one, so that a document can move. */
export interface Occurrence {
  readonly symbol: SharedName;
  readonly role: 'declaration' | 'reference';
  readonly range: Range;
  readonly path: FieldPath;
  /** The object may be missing: whoever refers to it said so. */
  readonly optional?: boolean;
  /** Whether it stands in quotes; the range is what is between them. */
  readonly quoted?: boolean;
  /** Which pods a port's name is about: those that carry these labels, or the ones that this selector chooses. */
  readonly pods?: { readonly labels: Labels } | { readonly selector: Labels };
  /** Which ports a monitor asks for by this name. */
  readonly monitored?: Monitored;
}

/** Whose ports a monitor of the Prometheus operator asks for: those of Services or pods that carry some labels. */
export interface Monitored {
  readonly kind: 'Service' | 'Pod';
  readonly selector: Labels;
  /** Where it looks for them. */
  readonly namespaces: readonly string[] | 'any';
}

export interface ContainerPort {
  readonly name: string | undefined;
  readonly number: number | undefined;
  /** The port of the node it takes, with its protocol: `8080/TCP`. */
  readonly host?: string;
}

/** What a LimitRange says of the containers or pods of its namespace; quantities as they are written. */
export interface Limits {
  readonly type: string;
  readonly max: Labels;
  readonly min: Labels;
  /** Resources that containers get a limit or request of by default. */
  readonly defaulted: readonly string[];
}

/** What other documents may want to know about an object. */
export interface ObjectFacts {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  /** Empty when it has none. */
  readonly name: string;
  /** Where the name stands, or the kind of something nameless. */
  readonly range: Range;
  /** The path of the object in its document: empty, or an item of a List. */
  readonly path: FieldPath;
  readonly labels: Labels;
  /** What is known of the pods it makes; a Pod's are its own. */
  readonly pod?: {
    readonly labels: Labels;
    readonly ports: readonly ContainerPort[];
    readonly images: readonly string[];
    readonly path: FieldPath;
  };
  /** The pods it selects, by equality; undefined when it selects by anything else. */
  readonly selector?: { readonly labels: Labels; readonly path: FieldPath };
  /** Keys of a ConfigMap or Secret, port names of a Service. */
  readonly keys?: readonly string[];
  /** Paths, from the manifest's folder, of files whose variables are further keys. */
  readonly variables?: readonly string[];
  /** The numbers of a Service's ports. */
  readonly servicePorts?: readonly number[];
  readonly replicas?: number;
  /** A Service without an address of its own. */
  readonly headless?: true;
  /** The workload whose replicas an autoscaler sets, and between which numbers. */
  readonly scales?: { readonly kind: string; readonly name: string; readonly min: number; readonly max: number | undefined };
  /** What a LimitRange says. */
  readonly limits?: readonly Limits[];
  /** What a ResourceQuota without scopes allows. */
  readonly quota?: Labels;
  /** What a CustomResourceDefinition defines; of each version something that is another for whatever else it says. */
  readonly defines?: { readonly group: string; readonly kind: string; readonly versions: Labels };
  /** It has no manifest of its own: a generator or an operator makes it. */
  readonly made?: true;
}

/** Everything a document declares and refers to. */
export interface DocumentFacts {
  readonly objects: readonly ObjectFacts[];
  readonly occurrences: readonly Occurrence[];
}

/** Whether labels are among those that a selector wants; an empty selector chooses nothing here. */
export function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}
