import { parseIp } from './ip.ts';

/** Why texts are no addresses or networks, in the words of Go's `net/netip`. */

/** Ends reading an address. */
class AddressError extends Error {
  constructor(message: string, at = '') {
    super(at === '' ? message : `${message} (at ${JSON.stringify(at)})`);
  }
}

/** Why a text is no address; undefined for one. A zone may follow an address of IPv6: `fe80::1%eth0`. */
export function addressError(text: string): string | undefined {
  try {
    readAddress(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    return `ParseAddr(${JSON.stringify(text)}): ${error.message}`;
  }
}

/** Why a text is no network; undefined for one. */
export function prefixError(text: string): string | undefined {
  const message = prefixMessage(text);
  return message && `netip.ParsePrefix(${JSON.stringify(text)}): ${message}`;
}

function prefixMessage(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return "no '/'";
  const address = text.slice(0, slash);
  const wrong = addressError(address);
  if (wrong !== undefined) return wrong;
  if (address.includes('%')) return 'IPv6 zones cannot be present in a prefix';
  const bits = text.slice(slash + 1);
  if (!/^(?:\d|[1-9]\d+)$/.test(bits)) return `bad bits after slash: ${JSON.stringify(bits)}`;
  return Number(bits) > (parseIp(address)?.length ?? 0) * 8 ? 'prefix length out of range' : undefined;
}

function readAddress(text: string): void {
  const sign = /[.:%]/.exec(text)?.[0];
  if (sign === '.') readIpv4(text, text);
  else if (sign === ':') readIpv6(text);
  else throw new AddressError(sign === '%' ? 'missing IPv6 address' : 'unable to parse IP');
}

/** @param whole what it is the end of, if it is embedded */
function readIpv4(text: string, whole: string): void {
  let value = 0;
  let fields = 0;
  let digits = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (/\d/.test(character)) {
      if (digits === 1 && value === 0) throw new AddressError('IPv4 field has octet with leading zero');
      value = value * 10 + Number(character);
      digits++;
      if (value > 255) throw new AddressError('IPv4 field has value >255');
    } else if (character === '.') {
      if (index === 0 || index === text.length - 1 || text[index - 1] === '.')
        throw new AddressError('IPv4 field must have at least one digit', text.slice(index));
      if (fields === 3) throw new AddressError('IPv4 address too long');
      fields++;
      value = 0;
      digits = 0;
    } else {
      throw new AddressError('unexpected character', whole.slice(whole.length - text.length + index));
    }
  }
  if (fields < 3) throw new AddressError('IPv4 address too short');
}

function readIpv6(text: string): void {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) throw new AddressError('zone must be a non-empty string');
  const address = percent < 0 ? text : text.slice(0, percent);
  let rest = address;
  let ellipsis = -1;
  if (rest.startsWith('::')) {
    ellipsis = 0;
    rest = rest.slice(2);
    if (rest === '') return;
  }
  let bytes = 0;
  while (bytes < 16) {
    const digits = groupLength(rest);
    if (rest[digits] === '.') {
      if (ellipsis < 0 && bytes !== 12)
        throw new AddressError('embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (bytes > 12) throw new AddressError('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      readIpv4(rest, address);
      rest = '';
      bytes += 4;
      break;
    }
    bytes += 2;
    rest = rest.slice(digits);
    if (rest === '') break;
    if (!rest.startsWith(':')) throw new AddressError('unexpected character, want colon', rest);
    if (rest === ':') throw new AddressError('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (!rest.startsWith(':')) continue;
    if (ellipsis >= 0) throw new AddressError('multiple :: in address', rest);
    ellipsis = bytes;
    rest = rest.slice(1);
    if (rest === '') break;
  }
  if (rest !== '') throw new AddressError('trailing garbage after address', rest);
  if (bytes < 16 && ellipsis < 0) throw new AddressError('address string too short');
  if (bytes === 16 && ellipsis >= 0) throw new AddressError('the :: must expand to at least one field of zeros');
}

function groupLength(text: string): number {
  const { length } = /^[0-9a-fA-F]*/.exec(text)?.[0] ?? '';
  if (length > 4) throw new AddressError('each group must have 4 or fewer digits', text);
  if (length === 0) throw new AddressError('each colon-separated field must have at least one digit', text);
  return length;
}
