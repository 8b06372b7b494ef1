import { BytesRequest, type HttpRequest, ReceivingRequest } from '../../api/http.ts';
import { requestEntityTooLarge } from '../../api/status.ts';
import { concat } from '../registry/stored-form.ts';

/** Upstream's `MaxRequestBodyBytes`. */
export const maxBodyBytes = 3 * 1024 * 1024;

const tooLarge = `limit is ${maxBodyBytes}`;

/** The bytes of a request's body. Throws 413 beyond {@link maxBodyBytes}, before more than that is held in memory. */
export async function readBody(request: HttpRequest): Promise<Uint8Array> {
  const declared = request.headers.get('content-length');
  if (Number(declared) > maxBodyBytes) throw requestEntityTooLarge(tooLarge);
  const whole =
    request instanceof BytesRequest ? request.encoded : request instanceof ReceivingRequest ? await request.receive() : undefined;
  if (whole !== undefined) {
    if (whole.length > maxBodyBytes) throw requestEntityTooLarge(tooLarge);
    return whole;
  }
  if (declared !== null) return new Uint8Array(await request.arrayBuffer());
  if (request.body === null) return new Uint8Array(0);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body) {
    length += part.length;
    if (length > maxBodyBytes) throw requestEntityTooLarge(tooLarge);
    parts.push(part);
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : concat(parts);
}
