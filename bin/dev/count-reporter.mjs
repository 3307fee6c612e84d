/** A reporter of node's test runner that says nothing but the totals, for bin/dev/test.mjs. */
export default async function* countReporter(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    if (data.skip !== undefined && data.skip !== false) counts.skipped += 1;
    else if (type === 'test:pass' || data.todo !== undefined) counts.passed += 1;
    else counts.failed += 1;
  }
  yield `clcache-test-counts ${JSON.stringify(counts)}\n`;
}
