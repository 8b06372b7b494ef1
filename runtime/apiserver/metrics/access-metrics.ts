import type { Decision } from '../authorization/authorizer.ts';
import { type Family, Histogram, Numbers } from './families.ts';

/** Upstream's `ExponentialBuckets(0.001, 2, 15)`. */
const bounds = Array.from({ length: 15 }, (_, i) => 0.001 * 2 ** i);
const knownNames: ReadonlySet<string> = new Set(['admin', 'client', 'kube_proxy', 'kubelet', 'system:serviceaccount:kube-system:default']);
const decisions = { allow: 'allowed', deny: 'denied', none: 'no-opinion' } as const;

/** Counts who is let in and what is allowed, under the names and labels of upstream's `endpoints/filters`. */
export class AccessMetrics {
  private readonly users = new Numbers(
    'counter',
    'authenticated_user_requests',
    'Requests by who sent them, as far as that is nobody in particular.',
    ['username'],
  );
  private readonly attempts = new Numbers('counter', 'authentication_attempts', 'Requests by whether their credentials were accepted.', [
    'result',
  ]);
  private readonly seconds = new Histogram(
    'authentication_duration_seconds',
    'How long it took to find out whose a request is, in seconds.',
    ['result'],
    bounds,
  );
  private readonly decided = new Numbers('counter', 'authorization_attempts_total', 'Requests by whether they were allowed.', ['result']);
  private readonly decidingSeconds = new Histogram(
    'authorization_duration_seconds',
    'How long it took to find out whether a request is allowed, in seconds.',
    ['result'],
    bounds,
  );
  private readonly success = { count: this.attempts.of(['success']), seconds: this.seconds.of(['success']) };
  private readonly error = { count: this.attempts.of(['error']), seconds: this.seconds.of(['error']) };
  private readonly decisions = {
    allow: { count: this.decided.of([decisions.allow]), seconds: this.decidingSeconds.of([decisions.allow]) },
    deny: { count: this.decided.of([decisions.deny]), seconds: this.decidingSeconds.of([decisions.deny]) },
    none: { count: this.decided.of([decisions.none]), seconds: this.decidingSeconds.of([decisions.none]) },
  };

  get families(): readonly Family[] {
    return [this.users, this.attempts, this.seconds, this.decided, this.decidingSeconds];
  }

  /** Counts a request of somebody who is known. */
  authenticated(name: string, seconds: number): void {
    this.success.count.add();
    this.success.seconds.observe(seconds);
    // Names of people and programs are not for everybody, and there is no end to them.
    this.users.add([knownNames.has(name) ? name : name.includes('@') ? 'email_id' : 'other']);
  }

  /** Counts a request whose credentials were not accepted. */
  unauthenticated(seconds: number): void {
    this.error.count.add();
    this.error.seconds.observe(seconds);
  }

  /** Counts a decision about a request. */
  authorized(decision: Decision['decision'], seconds: number): void {
    this.decisions[decision].count.add();
    this.decisions[decision].seconds.observe(seconds);
  }
}
