import { toBase64 } from '../../api/base64.ts';
import type { Secret, ServiceAccount } from '../../api/generated/types/core/v1.ts';
import { ifFound, isReason } from '../../client/client.ts';
import { runController } from '../../client/controller.ts';
import { nameOf, namespaceOf, uidOf } from '../../client/object-key.ts';
import { secrets, serviceAccounts } from '../../client/resources.ts';
import { type Controller, type ControllerContext, queueFor } from '../common/context.ts';

const name = 'serviceaccount-token-controller';
const type = 'kubernetes.io/service-account-token';
const accountName = 'kubernetes.io/service-account.name';
const accountUid = 'kubernetes.io/service-account.uid';
const encoder = new TextEncoder();

/** Signs tokens for secrets to hold. */
export interface SecretTokenSigner {
  signForSecret(subject: {
    readonly namespace: string;
    readonly serviceAccount: { readonly name: string; readonly uid: string };
    readonly secret: string;
  }): Promise<string>;
}

/** What a key of the queue of secrets names. */
interface SecretKey {
  readonly namespace: string;
  readonly secret: string;
  readonly uid: string;
  readonly account: string;
  /** Empty while the secret does not say which of the accounts of that name it is for. */
  readonly accountUid: string;
}

/**
 * Fills the secrets that ask for a token of a service account, and deletes them with it, after `TokensController` of
 * `pkg/controller/serviceaccount`.
 * @param rootCa certificates in PEM
 */
export function createTokensController(context: ControllerContext, signer: SecretTokenSigner, rootCa: string): Controller {
  const { client, informers, log } = context;
  const accounts = informers.for(serviceAccounts);
  const tokens = informers.for(secrets, { fieldSelector: `type=${type}` });
  const byAccount = 'service-account';
  tokens.addIndex(byAccount, (secret) => [`${namespaceOf(secret)}/${secret.metadata?.annotations?.[accountName] ?? ''}`]);
  const accountQueue = queueFor(context, 'serviceaccount_tokens_service');
  const secretQueue = queueFor(context, 'serviceaccount_tokens_secret');
  const ca = toBase64(encoder.encode(rootCa));

  const accountDeleted = (account: ServiceAccount) => accountQueue.add([namespaceOf(account), nameOf(account), uidOf(account)].join('/'));
  accounts.on({ deleted: accountDeleted });
  const secretChanged = (secret: Secret) => secretQueue.add(keyOf(secret));
  tokens.on({ added: secretChanged, updated: secretChanged, deleted: secretChanged });

  /** The account as it is now, if it is still the one that is meant. The cache may lag behind a secret that was made right after it. */
  const findAccount = async ({ namespace, account: named, accountUid: uid }: SecretKey, live: boolean) => {
    const isMeant = (account: ServiceAccount | undefined) => account !== undefined && (uid === '' || uid === uidOf(account));
    const cached = accounts.lister.get(namespace, named);
    if (isMeant(cached) || !live) return isMeant(cached) ? cached : undefined;
    const found = await ifFound(client.resource(serviceAccounts).get(named, namespace));
    return isMeant(found) ? found : undefined;
  };

  const remove = async (namespace: string, secret: string, uid: string) => {
    try {
      await client.resource(secrets).delete(secret, namespace, { preconditions: { uid } });
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  };

  /** Takes a secret that is gone off the list of its account. */
  const dropReference = async (key: SecretKey) => {
    if ((await findAccount(key, false)) === undefined) return;
    const account = await findAccount(key, true);
    if (account?.secrets?.some((reference) => reference.name === key.secret) !== true) return;
    const left = account.secrets.filter((reference) => reference.name !== key.secret);
    await client.resource(serviceAccounts).update({ ...account, secrets: left });
  };

  const isComplete = ({ data = {} }: Secret) => (data.token ?? '') !== '' && (data.namespace ?? '') !== '' && data['ca.crt'] === ca;

  const fill = async (account: ServiceAccount, cached: Secret) => {
    if (isComplete(cached)) return;
    const namespace = namespaceOf(cached);
    const secret = await ifFound(client.resource(secrets).get(nameOf(cached), namespace));
    // Of what has changed since, the cache will tell.
    if (secret === undefined || secret.metadata?.resourceVersion !== cached.metadata?.resourceVersion || isComplete(secret)) return;
    const serviceAccount = { name: nameOf(account), uid: uidOf(account) };
    const signed = async () => toBase64(encoder.encode(await signer.signForSecret({ namespace, serviceAccount, secret: nameOf(secret) })));
    const data = {
      ...secret.data,
      'ca.crt': ca,
      namespace: secret.data?.namespace || toBase64(encoder.encode(namespace)),
      token: secret.data?.token || (await signed()),
    };
    const annotations = { ...secret.metadata?.annotations, [accountName]: serviceAccount.name, [accountUid]: serviceAccount.uid };
    try {
      await client.resource(secrets).update({ ...secret, metadata: { ...secret.metadata, annotations }, data });
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  };

  const reconcileSecret = async (text: string) => {
    const key = parseKey(text);
    const secret = tokens.lister.get(key.namespace, key.secret);
    if (secret === undefined || uidOf(secret) !== key.uid) return dropReference(key);
    const account = await findAccount(key, true);
    if (account === undefined) await remove(key.namespace, key.secret, key.uid);
    else await fill(account, secret);
  };

  const reconcileAccount = async (key: string) => {
    const [namespace = '', account = '', uid = ''] = key.split('/');
    if (uidOf(accounts.lister.get(namespace, account) ?? {}) === uid) return;
    for (const secret of tokens.lister.byIndex(byAccount, `${namespace}/${account}`)) {
      const meant = secret.metadata?.annotations?.[accountUid] ?? '';
      if (meant === '' || meant === uid) await remove(namespace, nameOf(secret), uidOf(secret));
    }
  };

  return {
    name,
    async run(signal) {
      await Promise.all([accounts.synced(), tokens.synced()]);
      const common = { name, workers: 5, signal, log };
      await Promise.all([
        runController({ ...common, queue: secretQueue, reconcile: reconcileSecret }),
        runController({ ...common, queue: accountQueue, reconcile: reconcileAccount }),
      ]);
    },
  };
}

function keyOf(secret: Secret): string {
  const { annotations = {} } = secret.metadata ?? {};
  return [namespaceOf(secret), nameOf(secret), uidOf(secret), annotations[accountName] ?? '', annotations[accountUid] ?? ''].join('/');
}

function parseKey(text: string): SecretKey {
  const [namespace = '', secret = '', uid = '', account = '', meant = ''] = text.split('/');
  return { namespace, secret, uid, account, accountUid: meant };
}
