/** Checks the contract without a test runner, and prints each title that holds. */

import { CONTRACT } from './contract.ts';

for (const [title, check] of Object.entries(CONTRACT)) {
  await check();
  console.log(title);
}
