import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the sample of Redis is what the study notes describe', () => {
  const redis = readFileSync('media/samples/redis.yaml', 'utf8');
  for (const part of ['redis:5.0.4', '/redis-master/redis.conf', 'MASTER', '6379', '0.1', 'emptyDir', 'redis.conf'])
    expect(redis).toContain(part);
});
