import type { KeyUsageFlags } from '@peculiar/x509';

const flags: Readonly<Record<string, keyof typeof KeyUsageFlags>> = {
  signing: 'digitalSignature',
  'digital signature': 'digitalSignature',
  'content commitment': 'nonRepudiation',
  'key encipherment': 'keyEncipherment',
  'key agreement': 'keyAgreement',
  'data encipherment': 'dataEncipherment',
  'cert sign': 'keyCertSign',
  'crl sign': 'cRLSign',
  'encipher only': 'encipherOnly',
  'decipher only': 'decipherOnly',
};

/** Object identifiers of purposes, in the order in which Go writes them. */
const purposes: Readonly<Record<string, string>> = {
  any: '2.5.29.37.0',
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
  'code signing': '1.3.6.1.5.5.7.3.3',
  'email protection': '1.3.6.1.5.5.7.3.4',
  's/mime': '1.3.6.1.5.5.7.3.4',
  'ipsec end system': '1.3.6.1.5.5.7.3.5',
  'ipsec tunnel': '1.3.6.1.5.5.7.3.6',
  'ipsec user': '1.3.6.1.5.5.7.3.7',
  timestamping: '1.3.6.1.5.5.7.3.8',
  'ocsp signing': '1.3.6.1.5.5.7.3.9',
  'microsoft sgc': '1.3.6.1.4.1.311.10.3.3',
  'netscape sgc': '2.16.840.1.113730.4.1',
};

/** What a certificate's key may be used for. */
export interface KeyUsages {
  readonly flags: readonly (keyof typeof KeyUsageFlags)[];
  /** Object identifiers. */
  readonly purposes: readonly string[];
}

/** Reads the usages of a request. @throws Error for one that there is not. Upstream: `keyUsagesFromStrings`. */
export function keyUsages(usages: readonly string[]): KeyUsages {
  const unknown = usages.filter((usage) => flags[usage] === undefined && purposes[usage] === undefined);
  if (unknown.length > 0) throw new Error(`unrecognized usage values: [${unknown.map((usage) => JSON.stringify(usage)).join(' ')}]`);
  return {
    flags: [...new Set(usages.flatMap((usage) => flags[usage] ?? []))],
    purposes: [...new Set(Object.keys(purposes).flatMap((usage) => (usages.includes(usage) ? (purposes[usage] ?? []) : [])))],
  };
}
