import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../names/index.ts';
import { type CelType, structType } from '../check/types.ts';
import { listCreation, structCreation } from '../evaluate/meter.ts';
import { costSize, Failure, Opaque, type Value } from '../evaluate/values.ts';
import { scan } from './costs.ts';
import { bool, type FunctionForm, method, opaque, string } from './form.ts';

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
  /** Of what is asked to be done to many. */
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

export interface AccessAnswer {
  readonly decision: 'allow' | 'deny' | 'none';
  readonly reason?: string;
  /** Why it could not be told. */
  readonly error?: string;
}

export type AskAccess = (question: AccessQuestion, verb: string) => AccessAnswer;

export const authorizerType = structType('kubernetes.authorization.Authorizer');
const pathCheckType = structType('kubernetes.authorization.PathCheck');
const groupCheckType = structType('kubernetes.authorization.GroupCheck');
export const resourceCheckType = structType('kubernetes.authorization.ResourceCheck');
const decisionType = structType('kubernetes.authorization.Decision');

const nothing: AccessQuestion = { group: '', resource: '', subresource: '', namespace: '', name: '' };

/** A question that is being put together; each step gives a new one. */
abstract class Check extends Opaque {
  readonly ask: AskAccess;
  readonly question: AccessQuestion;

  constructor(ask: AskAccess, question: AccessQuestion) {
    super();
    this.ask = ask;
    this.question = question;
  }

  equals(other: Opaque): boolean {
    return this === other;
  }
}

class PathCheck extends Check {
  readonly type: CelType = pathCheckType;
}

class GroupCheck extends Check {
  readonly type: CelType = groupCheckType;
}

class ResourceCheck extends Check {
  readonly type: CelType = resourceCheckType;
}

/** The variable `authorizer`; `requestResource` is a question about what is being written. */
export class CelAuthorizer extends Check {
  readonly type: CelType = authorizerType;
  readonly requestResource: ResourceCheck;

  constructor(ask: AskAccess, request: AccessQuestion, question: AccessQuestion = nothing) {
    super(ask, question);
    this.requestResource = new ResourceCheck(ask, request);
  }
}

class AuthorizationDecision extends Opaque {
  readonly type: CelType = decisionType;
  readonly answer: AccessAnswer;

  constructor(answer: AccessAnswer) {
    super();
    this.answer = answer;
  }

  equals(other: Opaque): boolean {
    return this === other;
  }
}

function asked({ ask, question }: Check, verb: string): Value {
  return new AuthorizationDecision(ask(question, verb));
}

function actingFor({ ask, question, requestResource }: CelAuthorizer, namespace: string, name: string): Value {
  if (dns1123SubdomainProblems(name).length > 0) return new Failure('Invalid service account name');
  if (dns1123LabelProblems(namespace).length > 0) return new Failure('Invalid service account namespace');
  const serviceAccount = { namespace, name };
  return new CelAuthorizer(ask, { ...requestResource.question, serviceAccount }, { ...question, serviceAccount });
}

const authorizer = opaque(authorizerType, CelAuthorizer);
const pathCheck = opaque(pathCheckType, PathCheck);
const groupCheck = opaque(groupCheckType, GroupCheck);
const resourceCheck = opaque(resourceCheckType, ResourceCheck);
const decision = opaque(decisionType, AuthorizationDecision);
const nominal = { cost: () => 1 };
/** So much that an expression can ask twice. */
const asking = { cost: () => 350_000 };

/** A requirement of a selector takes two characters at least. */
function selectorCost(_check: Value, selector: Value): number {
  const length = costSize(selector);
  return listCreation + scan(length) + Math.ceil(length / 2) * (listCreation + structCreation);
}

function narrowed(
  field: 'subresource' | 'namespace' | 'name' | 'fieldSelector' | 'labelSelector',
  costs: { cost: typeof selectorCost },
): FunctionForm {
  const narrow = ({ ask, question }: ResourceCheck, value: string) => new ResourceCheck(ask, { ...question, [field]: value });
  return method(field, [resourceCheck, string], resourceCheck, narrow, costs);
}

/** `k8s.io/apiserver/pkg/cel/library` authz. */
export const authorization: readonly FunctionForm[] = [
  method(
    'path',
    [authorizer, string],
    pathCheck,
    ({ ask, question }, path) => (path.trim() === '' ? new Failure('path must not be empty') : new PathCheck(ask, { ...question, path })),
    nominal,
  ),
  method('group', [authorizer, string], groupCheck, ({ ask, question }, group) => new GroupCheck(ask, { ...question, group }), nominal),
  method('serviceAccount', [authorizer, string, string], authorizer, actingFor, nominal),
  method(
    'resource',
    [groupCheck, string],
    resourceCheck,
    ({ ask, question }, resource) =>
      resource.trim() === '' ? new Failure('resource must not be empty') : new ResourceCheck(ask, { ...question, resource }),
    nominal,
  ),
  narrowed('subresource', nominal),
  narrowed('namespace', nominal),
  narrowed('name', nominal),
  narrowed('fieldSelector', { cost: selectorCost }),
  narrowed('labelSelector', { cost: selectorCost }),
  method('check', [pathCheck, string], decision, asked, asking),
  method('check', [resourceCheck, string], decision, asked, asking),
  method('errored', [decision], bool, ({ answer }) => answer.error !== undefined, nominal),
  method('error', [decision], string, ({ answer }) => answer.error ?? '', nominal),
  method('allowed', [decision], bool, ({ answer }) => answer.decision === 'allow', nominal),
  method('reason', [decision], string, ({ answer }) => answer.reason ?? '', nominal),
];
