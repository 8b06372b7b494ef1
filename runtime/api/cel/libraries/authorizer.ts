import type { Environment } from '@marcbachmann/cel-js';

/** What expressions ask an authorizer. */
export interface AccessQuestion {
  /** In the name of another than who sent the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  /** Of a question about no resource. */
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface AccessAnswer {
  readonly decision: 'allow' | 'deny' | 'none';
  readonly reason?: string;
  /** Why it could not be told. */
  readonly error?: string;
}

export type AskAccess = (question: AccessQuestion, verb: string) => AccessAnswer;

const nothing: AccessQuestion = { group: '', resource: '', subresource: '', namespace: '', name: '' };

/** A question that is being put together; each step gives a new one. */
class Check {
  readonly ask: AskAccess;
  readonly question: AccessQuestion;

  constructor(ask: AskAccess, question: AccessQuestion) {
    this.ask = ask;
    this.question = question;
  }
}

class PathCheck extends Check {}
class GroupCheck extends Check {}
class ResourceCheck extends Check {}

/** The variable `authorizer`; `requestResource` is a question about what is being written. */
export class CelAuthorizer extends Check {
  readonly requestResource: ResourceCheck;

  constructor(ask: AskAccess, request: AccessQuestion, question: AccessQuestion = nothing) {
    super(ask, question);
    this.requestResource = new ResourceCheck(ask, request);
  }
}

class AuthorizationDecision {
  readonly answer: AccessAnswer;

  constructor(answer: AccessAnswer) {
    this.answer = answer;
  }
}

const prefix = 'kubernetes.authorization';

/** `k8s.io/apiserver/pkg/cel/library` authz, without selectors. */
export function registerAuthorizer(environment: Environment): void {
  const sync = { async: false };
  const decision = `${prefix}.Decision`;
  environment
    .registerType(`${prefix}.PathCheck`, PathCheck)
    .registerType(`${prefix}.GroupCheck`, GroupCheck)
    .registerType(`${prefix}.ResourceCheck`, ResourceCheck)
    .registerType(decision, AuthorizationDecision)
    .registerType(`${prefix}.Authorizer`, { ctor: CelAuthorizer, fields: { requestResource: `${prefix}.ResourceCheck` } })
    .registerFunction(
      `${prefix}.Authorizer.path(string): ${prefix}.PathCheck`,
      ({ ask, question }: Check, path: string) => {
        if (path === '') throw new Error('path must not be empty');
        return new PathCheck(ask, { ...question, path });
      },
      sync,
    )
    .registerFunction(
      `${prefix}.Authorizer.group(string): ${prefix}.GroupCheck`,
      ({ ask, question }: Check, group: string) => new GroupCheck(ask, { ...question, group }),
      sync,
    )
    .registerFunction(
      `${prefix}.Authorizer.serviceAccount(string, string): ${prefix}.Authorizer`,
      ({ ask, question, requestResource }: CelAuthorizer, namespace: string, name: string) =>
        new CelAuthorizer(
          ask,
          { ...requestResource.question, serviceAccount: { namespace, name } },
          { ...question, serviceAccount: { namespace, name } },
        ),
      sync,
    )
    .registerFunction(
      `${prefix}.GroupCheck.resource(string): ${prefix}.ResourceCheck`,
      ({ ask, question }: Check, resource: string) => new ResourceCheck(ask, { ...question, resource }),
      sync,
    );
  for (const field of ['subresource', 'namespace', 'name'] as const) {
    environment.registerFunction(
      `${prefix}.ResourceCheck.${field}(string): ${prefix}.ResourceCheck`,
      ({ ask, question }: Check, value: string) => new ResourceCheck(ask, { ...question, [field]: value }),
      sync,
    );
  }
  for (const check of ['PathCheck', 'ResourceCheck']) {
    environment.registerFunction(
      `${prefix}.${check}.check(string): ${decision}`,
      ({ ask, question }: Check, verb: string) => new AuthorizationDecision(ask(question, verb)),
      sync,
    );
  }
  environment
    .registerFunction(`${decision}.allowed(): bool`, ({ answer }: AuthorizationDecision) => answer.decision === 'allow', sync)
    .registerFunction(`${decision}.reason(): string`, ({ answer }: AuthorizationDecision) => answer.reason ?? '', sync)
    .registerFunction(`${decision}.errored(): bool`, ({ answer }: AuthorizationDecision) => answer.error !== undefined, sync)
    .registerFunction(`${decision}.error(): string`, ({ answer }: AuthorizationDecision) => answer.error ?? '', sync);
}
