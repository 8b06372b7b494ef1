import type { HttpHeaders } from '../../../api/http.ts';
import { StatusError } from '../../../api/status.ts';
import type { AccessAttributes, Authorizer } from '../../authorization/authorizer.ts';
import type { User } from '../user.ts';
import { checkWanted, refusalOf } from './checks.ts';
import { type ConstrainedMode, constrainedModes } from './modes.ts';
import { type WantedUser, wantedUser } from './wanted-user.ts';

/** Whom a request acts as. */
export interface Impersonated {
  readonly user: User;
  /** The right that it takes; empty for the one that there was before the constrained ones. */
  readonly constraint: string;
}

/** How many requesters' last modes are remembered. */
const remembered = 10_000;

type Mode = (wanted: WantedUser, request: AccessAttributes) => Promise<Impersonated | undefined>;

/**
 * Lets requests act as the user of their `Impersonate-*` headers: by the right to be them while doing just this, or by the older right to be them
 * whatever they do. The mode that a requester had last is tried first. Upstream: `WithConstrainedImpersonation`.
 */
export class Impersonation {
  private readonly modes: readonly Mode[];
  private readonly last = new Map<string, Mode>();

  constructor(authorizer: Authorizer) {
    this.modes = [...constrainedModes.map((mode) => constrained(authorizer, mode)), unconstrained(authorizer)];
  }

  /**
   * Whom a request acts as, if not as who sends it.
   *
   * @param asked what is asked for, by who sends it
   * @throws StatusError 403 with what the first mode that is for such a user has to say; 400 for headers that name nobody
   */
  async of(headers: HttpHeaders, asked: () => AccessAttributes): Promise<Impersonated | undefined> {
    const wanted = wantedUser(headers);
    if (wanted === undefined) return undefined;
    const request = asked();
    const last = this.last.get(request.user.name);
    const modes = last === undefined ? this.modes : [last, ...this.modes.filter((mode) => mode !== last)];
    let refusal: StatusError | undefined;
    for (const mode of modes) {
      try {
        const impersonated = await mode(wanted, request);
        if (impersonated === undefined) continue;
        this.remember(request.user.name, mode);
        return impersonated;
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new Error('all impersonation modes failed');
  }

  private remember(name: string, mode: Mode): void {
    this.last.delete(name);
    this.last.set(name, mode);
    const [oldest] = this.last.keys();
    if (this.last.size > remembered && oldest !== undefined) this.last.delete(oldest);
  }
}

function constrained(authorizer: Authorizer, { name, isFor, asAnyNode = false }: ConstrainedMode): Mode {
  const constraint = `impersonate:${name}`;
  return async (wanted, request) => {
    if (!isFor(wanted, request.user)) return undefined;
    const refusal = await refusalOf(authorizer, { ...request, verb: `impersonate-on:${name}:${request.verb}` });
    if (refusal !== undefined) throw refusal;
    const asking = { authorizer, requester: request.user, verb: constraint, isConstrained: true, asAnyNode };
    return { user: await checkWanted(asking, wanted), constraint };
  };
}

function unconstrained(authorizer: Authorizer): Mode {
  return async (wanted, request) => {
    const asking = { authorizer, requester: request.user, verb: 'impersonate', isConstrained: false, asAnyNode: false };
    return { user: await checkWanted(asking, wanted), constraint: '' };
  };
}
