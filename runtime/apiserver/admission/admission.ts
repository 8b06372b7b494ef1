import type { FieldTypes } from '../../api/apply/field-types.ts';
import type { Clock } from '../../simulation/clock.ts';
import type { Annotate } from '../audit/annotate.ts';
import type { User } from '../authentication/user.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { RequestTime } from '../filters/request-time.ts';
import type { AdmissionMetrics, AdmissionObserver, AdmissionStep } from '../metrics/admission-metrics.ts';
import type { ApiObject } from '../registry/api-object.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import type { ObjectWriter } from '../registry/object-writer.ts';
import type { Resource } from '../registry/resource.ts';
import type { ResourceTable } from '../registry/resource-table.ts';
import type { Operation } from './operation.ts';

/** One write on its way to the store. */
export interface Attributes {
  readonly operation: Operation;
  readonly resource: Resource;
  /** The kind of the object where it is not that of the resource, as for an Eviction of a pod. */
  readonly objectKind?: { readonly group: string; readonly version: string; readonly kind: string };
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Empty for kinds without namespaces. */
  readonly namespace: string;
  /** Empty when a name is still to be generated, or for a collection. */
  readonly name: string;
  /** What is to be written, in the stored version; mutating plugins change it in place. Left out for a deletion. */
  readonly object?: ApiObject;
  /** What stands there now; shared and not to be changed. */
  readonly oldObject?: ApiObject;
  readonly user: User;
  /** The verb of the request that changes an object, as authorization knows it. */
  readonly verb?: string;
  readonly dryRun: boolean;
  /** Past it nothing may be written. */
  readonly time?: RequestTime | undefined;
  /** Adds a `Warning` header to the answer. */
  warn(text: string): void;
  /** Notes something for the audit log; left out while nobody keeps one. */
  readonly annotate?: Annotate;
}

/** What plugins may look at and keep up to date beyond the write itself. */
export interface AdmissionContext {
  readonly reader: ObjectReader;
  readonly writer: ObjectWriter;
  readonly authorizer: Authorizer;
  readonly resources: ResourceTable;
  /** How the fields of an object are merged. */
  readonly fieldTypes: FieldTypes;
}

/** `reinvoke`: the object was changed in ways that plugins before may have something to say to. */
export type Admitted = undefined | 'reinvoke';

/** One admission plugin. `admit` may change the object and runs first for all plugins; `validate` may only refuse. Both refuse by throwing a `StatusError`. */
export interface AdmissionPlugin {
  readonly name: string;
  // biome-ignore lint/suspicious/noConfusingVoidType: most plugins have nothing to answer
  admit?(attributes: Attributes, context: AdmissionContext): void | Admitted | Promise<void | Admitted>;
  validate?(attributes: Attributes, context: AdmissionContext): void | Promise<void>;
}

/** The plugins in their order. */
export class AdmissionChain {
  private readonly context: AdmissionContext;
  private readonly clock: Clock;
  private readonly admitting: readonly Timed[];
  private readonly validating: readonly Timed[];
  private readonly admitted: AdmissionObserver;
  private readonly validated: AdmissionObserver;

  constructor(plugins: readonly AdmissionPlugin[], context: AdmissionContext, { clock, metrics }: AdmissionObservers) {
    this.context = context;
    this.clock = clock;
    const timed = <T extends Run>(plugin: AdmissionPlugin, run: T | undefined, step: AdmissionStep): Timed[] =>
      run === undefined ? [] : [{ run: run.bind(plugin), observe: metrics.ofPlugin(plugin.name, step) }];
    this.admitting = plugins.flatMap((plugin) => timed(plugin, plugin.admit, 'admit'));
    this.validating = plugins.flatMap((plugin) => timed(plugin, plugin.validate, 'validate'));
    this.admitted = metrics.ofStep('admit');
    this.validated = metrics.ofStep('validate');
  }

  /** Runs `admit` of all plugins, and once more when one of them asks for it. */
  async admit(attributes: Attributes): Promise<void> {
    const started = this.clock.now();
    let rejected = true;
    try {
      const again = await this.runAll(this.admitting, attributes);
      if (again) await this.runAll(this.admitting, attributes);
      rejected = false;
    } finally {
      this.admitted(attributes.operation, rejected, (this.clock.now() - started) / 1000);
    }
  }

  /** Throws 504, too, when there is no time left to write what was admitted. */
  async validate(attributes: Attributes): Promise<void> {
    const started = this.clock.now();
    let rejected = true;
    try {
      await this.runAll(this.validating, attributes);
      rejected = false;
    } finally {
      this.validated(attributes.operation, rejected, (this.clock.now() - started) / 1000);
    }
    attributes.time?.check();
  }

  /** Runs plugins one after the other; gives whether one of them asks for another round. */
  private async runAll(plugins: readonly Timed[], attributes: Attributes): Promise<boolean> {
    let reinvoke = false;
    for (const plugin of plugins) {
      const pending = this.run(plugin, attributes);
      if (pending !== undefined && (await pending) === 'reinvoke') reinvoke = true;
    }
    return reinvoke;
  }

  /** Most plugins answer at once, sooner than the clock can tell; to read it for each of them costs more than they do. */
  private run({ run, observe }: Timed, attributes: Attributes): ReturnType<Run> {
    const { operation } = attributes;
    let pending: ReturnType<Run>;
    try {
      pending = run(attributes, this.context);
    } catch (error) {
      observe(operation, true, 0);
      throw error;
    }
    if (pending instanceof Promise) return this.timed(pending, operation, observe);
    observe(operation, false, 0);
    return pending;
  }

  private async timed<T>(pending: Promise<T>, operation: Operation, observe: AdmissionObserver): Promise<T> {
    const started = this.clock.now();
    let rejected = true;
    try {
      const admitted = await pending;
      rejected = false;
      return admitted;
    } finally {
      observe(operation, rejected, (this.clock.now() - started) / 1000);
    }
  }
}

/** Who is told how long admission takes. */
export interface AdmissionObservers {
  readonly clock: Clock;
  readonly metrics: AdmissionMetrics;
}

type Run = NonNullable<AdmissionPlugin['admit'] | AdmissionPlugin['validate']>;

interface Timed {
  readonly run: Run;
  readonly observe: AdmissionObserver;
}
