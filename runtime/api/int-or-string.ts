/** A number or, as text, a percentage or a name. */
export type IntOrString = string | number;

const percentage = /^([+-]?[0-9]+)%$/;

/**
 * What a number or percentage means of a total, as `k8s.io/apimachinery/pkg/util/intstr` counts it.
 * @throws Error when a text is no percentage.
 */
export function getScaledValue(value: IntOrString, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined) throw new Error('invalid value for IntOrString: invalid type: string is not a percentage');
  const exact = (percent * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
}

/** The number before the percent sign, or nothing when it is no percentage. */
export function percentOf(value: IntOrString): number | undefined {
  if (typeof value === 'number') return undefined;
  const match = percentage.exec(value);
  return match === null ? undefined : Number(match[1]);
}
