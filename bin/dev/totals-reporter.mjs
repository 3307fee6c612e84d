/** A reporter of node's test runner that says nothing but the totals, for bin/dev/test.mjs. */
export default async function* totalsReporter(source) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    if (data.skip !== undefined && data.skip !== false) totals.skipped += 1;
    else if (type === 'test:pass' || data.todo !== undefined) totals.passed += 1;
    else totals.failed += 1;
  }
  yield JSON.stringify(totals);
}
