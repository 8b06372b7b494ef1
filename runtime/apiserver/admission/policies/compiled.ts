import type { ApiObject } from '../../registry/api-object.ts';

/** Policies are compiled when they are first needed, and again when they have changed. */
export class CompiledPolicies<Policy extends ApiObject, Compiled> {
  private readonly byUid = new Map<string, { readonly generation: number; readonly compiled: Compiled }>();
  private readonly compile: (policy: Policy) => Compiled;

  constructor(compile: (policy: Policy) => Compiled) {
    this.compile = compile;
  }

  get(policy: Policy): Compiled {
    const { uid = '', generation = 0 } = policy.metadata;
    const known = this.byUid.get(uid);
    if (known?.generation === generation) return known.compiled;
    const compiled = this.compile(policy);
    this.byUid.set(uid, { generation, compiled });
    return compiled;
  }

  /** Forgets policies that are gone. */
  keepOnly(policies: readonly Policy[]): void {
    if (this.byUid.size <= policies.length) return;
    const uids = new Set(policies.map(({ metadata }) => metadata.uid));
    for (const uid of this.byUid.keys()) if (!uids.has(uid)) this.byUid.delete(uid);
  }
}
