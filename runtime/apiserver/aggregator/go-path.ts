/**
 * A path of an URL as Go writes it anew once it has read it (`url.URL.EscapedPath` without a `RawPath`): decoded, and with what has a meaning or no
 * place there encoded again. A slash that was encoded becomes one that parts the path.
 */
export function goPath(pathname: string): string {
  if (!/[^\w/.~-]/.test(pathname)) return pathname;
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    // Bytes that are no UTF-8 are written as they were.
    return pathname;
  }
  // On the way these would be resolved, and lead elsewhere than where the user was let in.
  if (/(^|\/)\.\.?(\/|$)/.test(path)) return pathname;
  return escapePath(path);
}

/** A decoded path as Go writes it into an URL. */
export function escapePath(path: string): string {
  return encodeURIComponent(path)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(?:24|26|2B|2C|2F|3A|3B|3D|40)/g, decodeURIComponent);
}

/** A path from the root without steps that lead nowhere or back, but with the slash at its end. Upstream: `JoinPreservingTrailingSlash`. */
export function cleanPath(path: string): string {
  if (path === '') return '';
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  const clean = `/${steps.join('/')}`;
  return path.endsWith('/') && steps.length > 0 ? `${clean}/` : clean;
}
