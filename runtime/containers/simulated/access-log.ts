import type { HttpAnswer, HttpExchange } from '../../network/sockets.ts';
import type { ImageProfile } from '../../simulation/image-profiles.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * What a web server writes of an answered request: nginx in its format `main`, others in the common log format.
 * `now` is in milliseconds; `from` is the address of the client.
 */
export function accessLine(
  format: NonNullable<ImageProfile['accessLog']>,
  { method, path, headers }: HttpExchange,
  { status, body }: HttpAnswer,
  from: string,
  now: number,
): string {
  const size = method === 'HEAD' ? 0 : new TextEncoder().encode(body).length;
  const line = `${from} - - [${localTime(now)}] "${method} ${path} HTTP/1.1" ${status} ${size}`;
  if (format === 'common') return line;
  const header = (name: string) => JSON.stringify(headers[name] ?? '-');
  return `${line} ${header('referer')} ${header('user-agent')} ${header('x-forwarded-for')}`;
}

/** `27/Nov/2026:13:05:09 +0000` */
function localTime(now: number): string {
  const time = new Date(now).toISOString();
  return `${time.slice(8, 10)}/${months[Number(time.slice(5, 7)) - 1]}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
}
