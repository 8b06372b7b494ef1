export * from './dns.ts';
export * from './format.ts';
export * from './ip.ts';
export * from './keys.ts';
export * from './labels.ts';
export * from './netip.ts';
