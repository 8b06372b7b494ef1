import { base64Bytes } from '../../api/base64.ts';
import type { Clock } from '../../simulation/clock.ts';
import { stringAt } from '../registry/api-object.ts';
import type { ObjectReader } from '../registry/object-reader.ts';
import { sameText } from './same-text.ts';
import type { User } from './user.ts';

const tokenPattern = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const groupPattern = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;
const decoder = new TextDecoder();

/**
 * Who a bootstrap token is of, by its secret `bootstrap-token-<id>` in kube-system; undefined when it is none, has expired or may not be used to
 * authenticate. Upstream: plugin/pkg/auth/authenticator/token/bootstrap.
 */
export function bootstrapTokenUser(token: string, reader: ObjectReader, clock: Clock): User | undefined {
  const [, id = '', secretPart = ''] = tokenPattern.exec(token) ?? [];
  if (id === '') return undefined;
  const secret = reader.get('', 'secrets', 'kube-system', `bootstrap-token-${id}`);
  if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return undefined;
  if (secret.type !== 'bootstrap.kubernetes.io/token') return undefined;
  const data = (key: string) => decoder.decode(base64Bytes(stringAt(secret, 'data', key)));
  if (!sameText(data('token-secret'), secretPart) || data('token-id') !== id) return undefined;
  const expiration = data('expiration');
  // A time that cannot be read counts as long past.
  if (expiration !== '' && !(Date.parse(expiration) > clock.now())) return undefined;
  if (data('usage-bootstrap-authentication') !== 'true') return undefined;
  const extra = data('auth-extra-groups');
  const groups = extra === '' ? [] : [...new Set(extra.split(','))].sort();
  if (!groups.every((group) => groupPattern.test(group))) return undefined;
  return { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...groups] };
}
